/** Pronouns and forms of address that letters write with a capital, by language, in all their cases. */
const forms: readonly RegExp[] = [
  /^(?:ty|ci|cię|ciebie|tobie|tobą|tw(?:ój|oja|oje|ojego|ojej|ojemu|oją|oim|oich|oimi|oi|ego|ej|emu|ą|ym|ych)|wy|was|wam|wami|wasi|wasz(?:a|e|ego|ej|emu|ą|ym|ych|ymi)?)$/,
  /^(?:pan(?:a|u|em|ie|owie|ów|om|ami|i|ią)?|pań|paniom|paniami|państw(?:o|a|u|em)|pańsk(?:i|a|ą|ie|iego|iej|iemu|im|ich|imi)|szanown(?:y|a|i|ej|ego|ych))$/,
  /^(?:ти|тебе|тобі|тобою|тв(?:ій|оя|оє|ої|ого|оєї|оєму|оїй|ою|оїм|оїх|оїми)|ви|вас|вам|вами|ваш(?:а|е|і|ого|ої|ому|ій|у|ою|им|их|ими)?)$/,
  /^(?:пан(?:а|у|е|ові|ом|и|ів|ам|ами)?|пані|панове|шановн(?:ий|а|і|ого|ої))$/,
];

/** Whether a lower-case word is a pronoun or form of address, whose capital is mere politeness. */
export const isPolite = (word: string): boolean => forms.some((form) => form.test(word));
