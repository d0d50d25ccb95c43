/** Colours in the words that Home Assistant takes as `color`. */
export type ColourKey =
  | "white"
  | "black"
  | "red"
  | "orange"
  | "yellow"
  | "green"
  | "blue"
  | "purple"
  | "brown"
  | "pink"
  | "turquoise";
