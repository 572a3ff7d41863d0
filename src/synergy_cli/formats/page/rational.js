// Exact numbers: fractions of two whole numbers, in lowest terms and with the sign above.

/** Return the number that a text writes: `2`, `-0.5`, `1e-6`, `1/3`; digits may be those of any script. */
export function rational(written) {
  const [above, below = "1"] = plainDigits(written).split("/");
  const [, sign, whole, part = "", power = "0"] = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(above);
  const value = BigInt(`${whole}${part}`) * (sign === "-" ? -1n : 1n);
  const scale = BigInt(power) - BigInt(part.length);
  return scale < 0n
    ? reduced(value, BigInt(below) * 10n ** -scale)
    : reduced(value * 10n ** scale, BigInt(below));
}

function plainDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) {
      zero -= 1;
    }
    return (digit.codePointAt(0) - zero) % 10;
  });
}

function reduced(above, below) {
  let [a, b] = [above < 0n ? -above : above, below];
  while (b) {
    [a, b] = [b, a % b];
  }
  const sign = below < 0n ? -1n : 1n;
  return a ? { above: (sign * above) / a, below: (sign * below) / a } : { above: 0n, below: 1n };
}

export const ONE = { above: 1n, below: 1n };

export function add(a, b) {
  return reduced(a.above * b.below + b.above * a.below, a.below * b.below);
}

export function multiply(a, b) {
  return reduced(a.above * b.above, a.below * b.below);
}

export function divide(a, b) {
  return reduced(a.above * b.below, a.below * b.above);
}

export function negate(a) {
  return { above: -a.above, below: a.below };
}

export function absolute(a) {
  return a.above < 0n ? negate(a) : a;
}

/** Return a number below, at or above zero as the first is less than, equal to or more than the second. */
export function compare(a, b) {
  const difference = a.above * b.below - b.above * a.below;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Write a number with commas between its thousands and at most twelve digits after them. */
export function written(a) {
  if (a.below === 1n) {
    return grouped(String(a.above));
  }
  const [whole, part] = String(Number((Number(a.above) / Number(a.below)).toPrecision(12))).split(".");
  return part ? `${grouped(whole)}.${part}` : grouped(whole);
}

function grouped(digits) {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ",");
}
