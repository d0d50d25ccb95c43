/** Polish (folded) and Ukrainian endings of inflected names, and what stands in their place in the base form. */
const endings: readonly (readonly [string, readonly string[]])[] = [
  ["skiego", ["ski"]],
  ["ckiego", ["cki"]],
  ["skiemu", ["ski"]],
  ["ckiemu", ["cki"]],
  ["skiej", ["ska", "ski"]],
  ["ckiej", ["cka", "cki"]],
  ["ska", ["ski"]],
  ["cka", ["cki"]],
  ["skim", ["ski"]],
  ["ckim", ["cki"]],
  ["iem", ["", "ek", "k"]],
  ["kiem", ["ek", "k"]],
  ["owi", ["", "o", "a"]],
  ["ka", ["ek"]],
  ["kowi", ["ek"]],
  ["dzie", ["da"]],
  ["cie", ["ta", "t"]],
  ["rze", ["ra", "r"]],
  ["le", ["la", "l"]],
  ["ie", ["", "a", "ia"]],
  ["em", ["", "o"]],
  ["y", ["a"]],
  ["i", ["a", "ia"]],
  ["e", ["a"]],
  ["a", ["", "o"]],
  ["o", ["a"]],
  ["u", ["", "o"]],
  ["ська", ["ський"]],
  ["ського", ["ський"]],
  ["ському", ["ський"]],
  ["ським", ["ський"]],
  ["ської", ["ська", "ський"]],
  ["ській", ["ська", "ський"]],
  ["ську", ["ська", "ський"]],
  ["ською", ["ська", "ський"]],
  ["ові", ["", "о"]],
  ["еві", ["й", "ь"]],
  ["єві", ["їв", "й"]],
  ["єм", ["й"]],
  ["ем", ["", "ь"]],
  ["ом", ["", "о"]],
  ["ою", ["а"]],
  ["ею", ["я", "а"]],
  ["єю", ["я"]],
  ["ії", ["ія"]],
  ["ію", ["ія", "ій"]],
  ["ія", ["ій"]],
  ["и", ["а"]],
  ["і", ["а", "я", ""]],
  ["у", ["а", "", "о"]],
  ["ю", ["я", "й", "ь"]],
  ["я", ["й", "ь"]],
  ["а", ["", "о"]],
  ["о", ["а"]],
  ["е", [""]],
];
const byEnding = new Map(endings);
const longestEnding = 6;
const shortestStem = 3;

/** Base forms that an inflected folded word may have, likelier ones first; at most a dozen. */
export function* baseForms(folded: string): Generator<string> {
  for (let length = Math.min(longestEnding, folded.length - shortestStem + 1); length > 0; length -= 1) {
    const instead = byEnding.get(folded.slice(-length));
    const stem = folded.slice(0, -length);
    if (!instead || stem.length < shortestStem - 1) continue;
    for (const ending of instead) yield stem + ending;
  }
}
