import { accessKeys } from "./access-keys.ts";
import { checkedNumbers } from "./checked-numbers.ts";
import { email } from "./email.ts";
import { iban } from "./iban.ts";
import { ipAddress } from "./ip-address.ts";
import { personName } from "./person-name.ts";
import { phone } from "./phone.ts";
import type { Recogniser } from "./span.ts";
import { streetAddress } from "./street-address.ts";
import { urlCredentials } from "./url-credentials.ts";

/** Every recogniser that ships. To add one: its file, its test, its line here. */
export const recognisers: readonly Recogniser[] = [
  urlCredentials,
  accessKeys,
  email,
  iban,
  checkedNumbers,
  ipAddress,
  phone,
  streetAddress,
  personName,
];
