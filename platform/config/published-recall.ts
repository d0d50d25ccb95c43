/**
 * What `npm run eval -- privacy` measured on texts of presidio-research (docs/privacy.md), rounded down: the share of names of
 * people, and of structured identifiers (e-mail, card, IBAN, IP, phone, SSN), that the shipped recognisers find whole.
 */
export const publishedRecall = { names: 0.9, structured: 0.99, addresses: 0.38 } as const;
