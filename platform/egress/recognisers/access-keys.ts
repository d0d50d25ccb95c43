import type { Recogniser, Span } from "./span.ts";

/** Keys that can be told by how they begin. */
const byPrefix =
  /(?<![A-Za-z0-9_-])(?:sk-[A-Za-z0-9_-]{16,}|(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|dop_v1_[a-f0-9]{40,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)/g;

/** A value that a word before it calls secret: `password: …`, `api_key=…`, `Bearer …`. */
const byName =
  /(?<![\p{L}\d])(?:(?:pass(?:word|wd|phrase)|pwd|has[łl]o|пароль|סיסמה|סיסמא)["']?(?: is| jest| to)?|(?:secret|token|api[_ -]?key|access[_ -]?key|client[_ -]?secret|private[_ -]?key)["']?)(?: ?[:=] ?|(?<= is| jest| to) )["']?([^\s"',;]{4,256})|(?<![\p{L}\d])(?:bearer|basic) ([A-Za-z0-9._~+/=-]{12,2048})/giu;

/** Short numbers that a word before them calls secret: `PIN: 4821`, `kod dostępu to 1234`. */
const byPinName =
  /(?<![\p{L}\d])(?:pin(?:[ -]?code)?|cvv2?|cvc2?|otp|pass(?:code|word)|(?:security|access|verification|login|door|alarm|gate|safe)[ -]code|kod[ -]?(?:pin|dostępu|weryfikacyjny|zabezpieczający|cvv2?|cvc2?|blik|do[ ]\p{L}{1,20})|hasło|пін(?:-?код)?|код[ ](?:доступу|підтвердження|безпеки|від[ ]\p{L}{1,20})|пароль|(?:ה?קוד[ ]ה?(?:סודי|גישה|אימות|pin))|פין|סיסמ[הא])["']?(?:[ ](?:is|to|jest|number|numer|nr|це|הוא|היא|שלי)){0,2}[ ]?[:=#–-]?[ ]{0,2}["']?(\d[\d ]{1,10}\d)(?![\p{L}\d])/giu;

/** A password that stands behind its word with nothing between: it holds letters and digits, as words do not. */
const besideName =
  /(?<![\p{L}\d])(?:pass(?:word|wd|phrase)|pwd|hasł(?:o|em|a)|парол(?:ь|ем|я)|סיסמ[הא])[ ]{1,2}["']?((?=[^\s"',;]{0,60}\d)(?=[^\s"',;]{0,60}\p{L})[^\s"',;]{5,64})/giu;
const technical = /^(?:sha|md|aes|rsa|utf|ipv|oauth|base|argon|bcrypt|pbkdf|web|mp|x)-?\d+\p{P}?$/iu;

const authorization = /authori[sz]ation["']?[:=]? ?["']?$/i;

const block = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/g;
const blockEnd = "PRIVATE KEY-----";

/** Access keys, tokens, passwords that are named as such, and private key blocks. */
export const accessKeys: Recogniser = {
  name: "access-keys",
  *find(text, check): Generator<Span> {
    for (const match of text.matchAll(byPrefix)) {
      check();
      yield { start: match.index, end: match.index + match[0].length, kind: "SECRET" };
    }
    for (const match of text.matchAll(byName)) {
      check();
      const value = match[1] ?? match[2] ?? "";
      // "Basic" and "bearer" are words, too: a credential after them holds a digit or a sign.
      const isHeader = authorization.test(text.slice(Math.max(0, match.index - 20), match.index));
      if (match[1] === undefined && !isHeader && !/[\d=+/]|[a-z][A-Z]/.test(value)) continue;
      const end = match.index + match[0].length;
      yield { start: end - value.length, end, kind: "SECRET" };
    }
    for (const pattern of [byPinName, besideName]) {
      for (const match of text.matchAll(pattern)) {
        check();
        const value = match[1] ?? "";
        if (technical.test(value) || (pattern === byPinName && value.replace(/ /g, "").length > 8)) continue;
        const end = match.index + match[0].length;
        yield { start: end - value.length, end, kind: "SECRET" };
      }
    }
    let from = 0;
    for (const match of text.matchAll(block)) {
      check();
      if (match.index < from) continue;
      const last = text.indexOf(blockEnd, match.index + match[0].length);
      // A block that never ends is hidden to the end of the text.
      from = last < 0 ? text.length : last + blockEnd.length;
      yield { start: match.index, end: from, kind: "SECRET" };
    }
  },
};
