const alphabet = "0123456789bcdefghjkmnpqrstuvwxyz";

/** A point as a geohash, the form in which some services take places; 7 characters are within 80 m. */
export const geohash = (latitude: number, longitude: number, length = 7): string => {
  const ranges = { longitude: [-180, 180] as [number, number], latitude: [-90, 90] as [number, number] };
  const point = { longitude, latitude };
  let code = "";
  for (let bit = 0, value = 0; code.length < length; bit += 1) {
    const axis = bit % 2 === 0 ? "longitude" : "latitude";
    const range = ranges[axis];
    const middle = (range[0] + range[1]) / 2;
    const upper = point[axis] >= middle;
    range[upper ? 0 : 1] = middle;
    value = value * 2 + (upper ? 1 : 0);
    if (bit % 5 === 4) {
      code += alphabet[value];
      value = 0;
    }
  }
  return code;
};
