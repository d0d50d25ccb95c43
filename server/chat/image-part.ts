import { AppError } from "../../platform/errors/app-error.ts";
import type { ContentPart } from "../../platform/models/model-gateway.ts";

/** Magic bytes of image formats as the beginning of their base64. */
const signatures: readonly (readonly [string, string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
  ["Qk", "image/bmp"],
];
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * An image from a `data:` URL or bare base64; its type is read from its bytes.
 * @throws {AppError} INVALID_INPUT naming `field`, also for remote addresses: those are never fetched.
 */
export const toImagePart = (value: string, field: string): ContentPart => {
  const refuse = (reason: string): never => {
    throw new AppError("INVALID_INPUT", `'${field}' is wrong: ${reason}`, { field });
  };
  if (/^https?:/i.test(value)) refuse("remote images are not fetched; send the image as a data: URL.");
  const data = value.replace(/^data:[^,]*,/i, "").replace(/\s+/g, "");
  const mediaType = signatures.find(([start]) => data.startsWith(start))?.[1];
  if (mediaType === undefined || !base64.test(data)) {
    return refuse("it is not a PNG, JPEG, GIF, WebP or BMP image in base64.");
  }
  return { type: "image", mediaType, base64: data };
};
