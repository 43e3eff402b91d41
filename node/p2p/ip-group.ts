/**
 * What an address says of its owner: whether it is of this machine or of a private network, and which block of addresses it belongs to.
 * One who wants many peers in one block pays little; in many blocks, much. It does not resolve names.
 */
import { isIP } from "node:net";

/** IPv4 inside IPv6 is IPv4: `::ffff:1.2.3.4`. */
function plain(host: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1] ?? host;
}

export function isLoopback(host: string): boolean {
  const address = plain(host);
  return address.startsWith("127.") || address === "::1" || address === "localhost";
}

/** Whether anyone on the internet could dial it. Names count as routable: who owns a name is for its resolver to say. */
export function isRoutable(host: string): boolean {
  const address = plain(host);
  switch (isIP(address)) {
    case 4:
      return !isReserved4(address.split(".").map(Number));
    case 6: {
      const text = address.toLowerCase();
      // Unspecified, loopback, unique local, link local, multicast, documentation.
      return !/^(::1?$|f[cd]|fe[89ab]|ff|2001:0?db8)/.test(text);
    }
    default:
      return address !== "localhost" && address.includes(".") && !address.endsWith(".local");
  }
}

/** Blocks that IANA keeps for other uses than the public internet. */
function isReserved4(parts: readonly number[]): boolean {
  const [a = 0, b = 0, c = 0] = parts;
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b <= 127;
  if (a === 169) return b === 254;
  if (a === 172) return b >= 16 && b <= 31;
  if (a === 192) return b === 168 || (b === 0 && (c === 0 || c === 2));
  if (a === 198) return b === 18 || b === 19 || (b === 51 && c === 100);
  return a === 203 && b === 0 && c === 113;
}

/** The block an address belongs to: /16 of IPv4, /32 of IPv6, the whole name; private addresses each stand for themselves. */
export function groupOf(host: string): string {
  const address = plain(host);
  if (!isRoutable(address)) return address;
  switch (isIP(address)) {
    case 4:
      return address.split(".").slice(0, 2).join(".");
    case 6:
      return expand(address).slice(0, 2).join(":");
    default:
      return address.toLowerCase();
  }
}

/** The eight groups of an IPv6 address. */
function expand(address: string): string[] {
  const [head = "", tail] = address.toLowerCase().split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  return [...first, ...new Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0"), ...last];
}
