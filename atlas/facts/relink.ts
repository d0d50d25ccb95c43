/** What a fact ($1) took the place of ends as that fact does; before that fact is deleted. */
export const relink = `
  update facts former set valid_to = gone.valid_to, superseded_by = gone.superseded_by, ended_by_message = gone.ended_by_message
  from facts gone where gone.id = $1 and former.superseded_by = gone.id`;
