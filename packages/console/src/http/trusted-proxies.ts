import { lookup as dnsLookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { AitoError, type Clock, errorText, type Logger } from "@aito/base";

/** A container that was started anew has another address: its name is asked for this often. */
const refreshMs = 10_000;
const hostName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const bits = { 4: 32, 6: 128 } as const;

/** Whose `X-Forwarded-For` is believed. Without one, whoever connects is the client. */
export interface TrustedProxies {
  trusts(address: string): boolean;
  close(): void;
}

interface Entries {
  fixed: BlockList;
  names: string[];
}

/** Addresses, networks (`10.0.0.0/8`) and host names, with commas. Error: AITO_CONFIG_INVALID (fate human). */
export function readTrusted(text: string): Entries {
  const fixed = new BlockList();
  const names: string[] = [];
  for (const entry of text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean)) {
    const [address = "", prefix, rest] = entry.split("/");
    const family = isIP(address);
    const length = prefix === undefined ? null : Number(prefix);
    if (family !== 0 && rest === undefined && length === null) fixed.addAddress(address, family === 4 ? "ipv4" : "ipv6");
    else if (family !== 0 && rest === undefined && isPrefix(prefix!, bits[family as 4 | 6]))
      fixed.addSubnet(address, Number(prefix), family === 4 ? "ipv4" : "ipv6");
    else if (prefix === undefined && hostName.test(entry) && !/^[\d.]+$/.test(entry)) names.push(entry);
    else {
      throw new AitoError(
        "AITO_CONFIG_INVALID",
        `AITO_TRUSTED_PROXIES: "${entry.slice(0, 80)}" is no address, network or host name`,
        {
          hint: "for example 127.0.0.1, 172.18.0.0/16 or the proxy's host name; several with commas",
          fate: "human",
        },
      );
    }
  }
  return { fixed, names };
}

/** All addresses are no proxy's. */
const isPrefix = (text: string, max: number): boolean => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= max;

/** Follows the names among them until it is closed; one that has no address now trusts nobody. */
export async function trustedProxies(options: {
  list: string;
  clock: Clock;
  log: Logger;
  lookup?: (name: string) => Promise<string[]>;
}): Promise<TrustedProxies> {
  const { clock, log, lookup = addressesOf } = options;
  const { fixed, names } = readTrusted(options.list);
  let named = new Set<string>();
  let cancel = (): void => undefined;
  let closed = false;
  const refresh = async (): Promise<void> => {
    const found = await Promise.all(
      names.map((name) =>
        lookup(name).catch((error: unknown) => {
          log.debug({ name, error: errorText(error) }, "a trusted proxy has no address now");
          return [];
        }),
      ),
    );
    named = new Set(found.flat());
    if (!closed) cancel = clock.after(refreshMs, () => void refresh());
  };
  if (names.length > 0) await refresh();
  return {
    trusts: (address) => {
      const family = isIP(address);
      if (family === 0) return false;
      return named.has(address.replace(/^::ffff:(?=\d+\.)/i, "")) || fixed.check(address, family === 4 ? "ipv4" : "ipv6");
    },
    close: () => {
      closed = true;
      cancel();
    },
  };
}

const addressesOf = async (name: string): Promise<string[]> =>
  (await dnsLookup(name, { all: true })).map(({ address }) => address);
