const weigh = (digits: string, weights: readonly number[]): number => {
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) sum += (weights[at] ?? 0) * (digits.charCodeAt(at) - 48);
  return sum;
};

/** Luhn's sum over the digits, right to left, is a multiple of ten (payment cards, Israeli ids). */
export const hasLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};

/** Polish personal number: a real month and day (the century is in the month), then the check digit. */
export const isPesel = (digits: string): boolean => {
  const month = Number(digits.slice(2, 4)) % 20;
  const day = Number(digits.slice(4, 6));
  if (digits.length !== 11 || month < 1 || month > 12 || day < 1 || day > 31) return false;
  return (10 - (weigh(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(digits[10]);
};

/** Polish tax number. */
export const isNip = (digits: string): boolean =>
  digits.length === 10 && weigh(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(digits[9]);

/** Polish business number of nine digits. */
export const isRegon = (digits: string): boolean =>
  digits.length === 9 && (weigh(digits, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === Number(digits[8]);

/** Polish identity card: three letters, a check digit, five digits. */
export const isPolishIdCard = (text: string): boolean => {
  if (!/^[A-Z]{3}\d{6}$/.test(text)) return false;
  const values = [...text].map((character) => Number.parseInt(character, 36));
  const sum = [7, 3, 1, 0, 7, 3, 1, 7, 3].reduce((total, weight, at) => total + weight * (values[at] ?? 0), 0);
  return sum % 10 === values[3];
};

/** Ukrainian taxpayer number (RNOKPP). */
export const isRnokpp = (digits: string): boolean =>
  digits.length === 10 && (((weigh(digits, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) + 11) % 11) % 10 === Number(digits[9]);

/** Israeli identity number. */
export const isIsraeliId = (digits: string): boolean => digits.length === 9 && !/^0+$/.test(digits) && hasLuhn(digits);

/** Remainder by 97 of an IBAN moved to its checking order is one. */
export const hasIbanChecksum = (iban: string): boolean => {
  const moved = iban.slice(4) + iban.slice(0, 4);
  let remainder = 0;
  for (const character of moved) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
};
