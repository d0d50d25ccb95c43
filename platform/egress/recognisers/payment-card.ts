import { hasLuhn } from "./checksums.ts";

/** First digits and lengths that card networks give out. */
const network =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11,16}|35\d{14}|6\d{11,18}|5[06-8]\d{10,17}|1\d{14}|2131\d{11})$/;

/** Whether digits are a payment card's: 12 to 19 of them, a network's first digits and Luhn's check digit. */
export const isPaymentCard = (digits: string): boolean => network.test(digits) && hasLuhn(digits);
