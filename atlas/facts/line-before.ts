/** A fact ($1), what it replaced, and what that replaced. */
export const lineBefore = `
  with recursive line (id) as (
    select $1::uuid union select f.id from facts f join line on f.superseded_by = line.id
  ) select id from line`;
