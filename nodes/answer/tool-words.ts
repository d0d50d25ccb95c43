import { nounLike } from "../untrusted/action-families.ts";

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Verbs of tool names that only ever read. */
export const readingVerbs = set(`
  get gets search searches read reads find finds fetch fetches query queries lookup look describe describes calculate calculates
  compute computes convert converts translate translates summarize summarizes summarise analyze analyzes analyse retrieve
  retrieves browse browses detect classify validate verify recall exists inspect compare measure crawl scrape view views preview
`);

/** The same in descriptions, which open with a verb: "Lists the files", "Provides …". */
export const readingDescriptions: ReadonlySet<string> = new Set([
  ...readingVerbs,
  ...set("list lists show shows check checks view views provides tells gives reports has estimate estimates preview"),
]);

/** Words of tool names that read when they are what the name is about. */
export const stateNouns = set(`
  list lists status state states history info information details context weather forecast estimate count
  summary overview report stats statistics
`);

const nouns = set(`
  notification notifications comment vote like follow archive copy reserve store save switch skip broadcast upload download
  toggle trigger deploy launch pause resume play invite pay forward increase decrease vacuum new print fix charge
  payment message alert toast dialog popup banner book
`);

// In their base form: the third person is a description's.
const verbs = set(`
  set turn create send delete add update remove edit write modify change insert append upload submit cancel clear erase drop
  publish reply forward notify buy pay purchase checkout refund lock unlock toggle switch enable disable activate deactivate
  arm disarm start stop pause unpause resume play run execute launch restart reboot deploy trigger invite assign move rename
  merge approve reject save store book reserve skip mute unmute broadcast increase decrease dim install uninstall revoke grant
  reset make open close replace complete mark accept decline post put patch copy respond vacuum clean dock mow restore
  rollback flush purge wipe destroy kill terminate shutdown schedule reschedule register subscribe unsubscribe follow vote
  comment import sync print dial call text email mail charge transfer withdraw deposit sell trade order donate share press
  adjust raise lower heat cool boil feed water fill empty tag untag pin unpin block unblock ban kick upgrade downgrade patch
  remind plan record overwrite truncate archive discard unlink attach detach connect disconnect pair unpair
`);

const base = (word: string): string | undefined => {
  if (verbs.has(word)) return word;
  const cut = [word.replace(/s$/, ""), word.replace(/es$/, "")].find((form) => form !== word && verbs.has(form));
  return cut;
};

/** Whether a word of a tool's name or description can mean that something is changed. */
export const isWriting = (word: string): boolean => base(word) !== undefined;

/** Whether such a word is a noun or an adjective just as well. */
export const isNoun = (word: string): boolean => {
  const verb = base(word) ?? word;
  return nounLike.has(verb) || nouns.has(verb);
};

/** Words that read unless one of these stands behind them: what is shown to somebody, checked in or ticked off. */
export const writingBehind: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["show", set("notification notifications message alert toast dialog popup banner picture image on")],
  ["check", set("out in off")],
]);
