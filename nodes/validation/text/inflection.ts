const plain = (words: string): ReadonlySet<string> =>
  new Set(words.normalize("NFD").replace(/\p{M}/gu, "").split(/\s+/));

/** Endings of names in their cases, plurals, possessives and adjectives, folded to letters without marks; by script. */
const endings: Readonly<Record<"latin" | "cyrillic", ReadonlySet<string>>> = {
  latin: plain(
    `a e i o u y ia ie io iu ii ej om em am im ym ow ach ami iem iami iach owi owie owa owe owy owej owego owych owym emu ego iej iego iemu ich ych eg ni nie nego nej
     s es ers er ian ean an ish i n d ed ing in ka ke ce ki ko ku kiem ek ku sk skiej ska ski skie skiego skim skich skiemu skiej zka zki ckiej cki cka ckie ckiego ckim
     nski nska nskie nskiej nskiego nskim nskich inski inska inskie inskiej inskiego owski owska owskie owskiej owskiego ianski ianska ansk ansky anska anskiej anskiego`,
  ),
  cyrillic: plain(
    `ий ій ії ія ію ією а у ю я е є и і о ї й ь ові еві єві ом ем єм ою ею єю ів їв ев ов ах ях ам ям ами ями ої ої оі ій іи ого ому им ими их ем ін ині іна ину іною єм ієм єю
     ка ки ку ко кою ці ок ку ський ська ське ської ському ського ську ським ській ськии ськіи ські ських ськими івський івська івське івської івському івського івську івським івськіи івськии івські
     цький цька цьке цької цькому цького цьким цькии цькіи цьку ові ень ця цем цеві цю ець`,
  ),
};

/** Ends of stems that change before endings: what stands before which. */
const changes: Readonly<Record<"latin" | "cyrillic", readonly (readonly [string, string])[]>> = {
  latin: [
    ["k", "c"],
    ["k", "cz"],
    ["g", "dz"],
    ["g", "z"],
    ["ch", "sz"],
    ["h", "z"],
    ["r", "rz"],
    ["t", "c"],
    ["t", "ci"],
    ["d", "dz"],
    ["d", "dzi"],
    ["st", "sc"],
    ["ek", "k"],
    ["ec", "c"],
    ["iec", "c"],
    ["ec", "cz"],
    ["el", "l"],
    ["er", "r"],
    ["er", "rz"],
    ["en", "n"],
    ["ien", "n"],
    ["es", "s"],
    ["iel", "l"],
    ["ia", "e"],
    ["y", "ie"],
    ["x", "ks"],
  ],
  cyrillic: [
    ["к", "ц"],
    ["к", "ч"],
    ["г", "з"],
    ["г", "ж"],
    ["х", "с"],
    ["ок", "к"],
    ["ек", "к"],
    ["ець", "ц"],
    ["ец", "ц"],
    ["ень", "н"],
    ["ен", "н"],
    ["ор", "р"],
    ["ер", "р"],
    ["ел", "л"],
    ["ів", "ов"],
    ["ів", "ев"],
    ["ів", "єв"],
    ["ів", "єв"],
    ["ів", "иєв"],
    ["ив", "єв"],
    ["ив", "ев"],
    ["іг", "ог"],
    ["іл", "ол"],
    ["ір", "ор"],
    ["ін", "он"],
    ["іст", "ост"],
    ["ійк", "ойк"],
    ["ьв", "ев"],
    ["пав", "павл"],
  ],
};

const isEndingOf = (script: "latin" | "cyrillic") => (rest: string) => rest === "" || endings[script].has(rest);

const changesStem = (left: string, right: string, script: "latin" | "cyrillic"): boolean => {
  const isEnding = isEndingOf(script);
  for (const [one, other] of changes[script])
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const)
      if (
        left.startsWith(a) &&
        right.startsWith(b) &&
        isEnding(left.slice(a.length)) &&
        isEnding(right.slice(b.length))
      )
        return true;
  return false;
};

/**
 * Whether two folded words of one script may be forms of one name: they differ only at the end, by endings of a language and by what
 * stems do before them. Another name with the same beginning (Walsh, Walters) is none.
 */
export const isInflection = (left: string, right: string, script: "latin" | "cyrillic"): boolean => {
  if (left === right) return true;
  const shorter = Math.min(left.length, right.length);
  if (Math.max(left.length, right.length) - shorter > 7) return false;
  let shared = 0;
  while (shared < shorter && left[shared] === right[shared]) shared += 1;
  // The stem may end before what is shared does: Kielce, Kielcach.
  // Of names as short as Ewa and Iga less is shared, and of Київ, Києва.
  const isShort = Math.max(left.length, right.length) <= 4;
  const isEnding = isEndingOf(script);
  for (let at = shared; at >= Math.max(2, shared - 3); at -= 1) {
    const [one, other] = [left.slice(at), right.slice(at)];
    if ((at > 2 || isShort) && isEnding(one) && isEnding(other)) return true;
    if ((at > 2 || shorter <= 4) && changesStem(one, other, script)) return true;
  }
  return false;
};
