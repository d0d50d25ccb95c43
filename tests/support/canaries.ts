/**
 * One identifier of every class that the gate knows, each told apart from anything else that a test could store: no run of
 * zeros either, which a duration in a log ends with now and then (12.3000000001).
 */
export const canaries = {
  plain: "zebrafinch4711",
  email: "canary.bird@zebrafinch.example",
  phone: "+48 601 733 911",
  pesel: "44051401359",
  nip: "1234563218",
  regon: "123456785",
  idCard: "ABA300000",
  iban: "DE89370400440532013000",
  rnokpp: "3184710691",
  israeliId: "381740695",
  ssn: "460-89-9847",
  card: "4111 1111 1111 1111",
  ipv4: "198.51.100.77",
  ipv6: "2001:db8:77::4711",
  url: "https://canary:hunter4711@zebrafinch.example/x",
  key: "sk-proj-zebrafinchabcdefgh4711",
  person: "Wilhelmina Canarybird",
  address: "17 Zebrafinch Street",
} as const;

/** A sentence that holds them all. */
export const canarySentence = `I am ${canaries.person} of ${canaries.address}, ${canaries.plain}: mail ${canaries.email}, call ${canaries.phone}, PESEL ${canaries.pesel}, NIP ${canaries.nip}, REGON ${canaries.regon}, ID ${canaries.idCard}, IBAN ${canaries.iban}, RNOKPP ${canaries.rnokpp}, ת.ז. ${canaries.israeliId}, SSN ${canaries.ssn}, card ${canaries.card}, hosts ${canaries.ipv4} and ${canaries.ipv6}, ${canaries.url}, key ${canaries.key}.`;

/** Names of the canaries that a text holds, in any case. */
export const canariesIn = (text: string): string[] => {
  const lower = text.toLowerCase();
  return Object.entries(canaries).flatMap(([name, value]) => (lower.includes(value.toLowerCase()) ? [name] : []));
};
