/** The JSON value that a model's answer is, also inside a fence; undefined: it is none. */
export const jsonOfAnswer = (answer: string): unknown => {
  try {
    return JSON.parse(answer.trim().replace(/^```(?:json)?|```$/g, ""));
  } catch {
    return undefined;
  }
};
