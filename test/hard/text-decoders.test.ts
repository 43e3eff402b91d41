// Every decoder of text: numbers, coins, addresses, times, paths, queries, peers, keys, armor and configuration files.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { appStateOf, GenesisError } from "../../chain/app/genesis.ts";
import { AddressCodec, AddressError, decodeBech32, encodeBech32 } from "../../chain/types/address.ts";
import { CoinError, formatCoin, formatCoins, parseCoin, parseCoins } from "../../chain/types/coin.ts";
import { CompactBitArrayError, formatCompactBits, parseCompactBits } from "../../chain/types/compact-bit-array.ts";
import { Dec, DecError } from "../../chain/types/dec.ts";
import { formatDecCoins, parseDecCoins } from "../../chain/types/dec-coin.ts";
import { formatInteger, IntError, parseInteger } from "../../chain/types/int.ts";
import { MerkleError, parseKeyPath } from "../../chain/types/merkle.ts";
import { formatTime, parseTime, TimeError } from "../../chain/types/time.ts";
import { readClientConfig } from "../../cli/client-config.ts";
import { readToml } from "../../cli/config-file.ts";
import { CliError } from "../../cli/errors.ts";
import { parseJson } from "../../cli/files.ts";
import { formatGoDuration, parseGoDuration } from "../../cli/go-duration.ts";
import { decodeArmor, encodeArmor } from "../../cli/keys/armor.ts";
import {
  ConfigError,
  configFileText,
  parseDuration as parseConfigDuration,
  readNodeConfig,
} from "../../node/config.ts";
import { JournalError } from "../../node/engine/sign-journal.ts";
import { fromCometSignState } from "../../node/engine/sign-state.ts";
import { readValidatorKeyFile, ValidatorKeyError, writeValidatorKeyFile } from "../../node/engine/validator-key.ts";
import { ListenError, parseListenAddress } from "../../node/listen.ts";
import {
  formatNodeKey,
  generateNodeKey,
  listenMultiaddr,
  multiaddrOf,
  NodeIdentityError,
  parseNodeKey,
  parsePeerAddress,
  parsePeerList,
} from "../../node/p2p/identity.ts";
import { EventQueryError, formatEventQuery, parseEventQuery } from "../../node/storage/event-query.ts";
import { BytesError, base64, fromBase64, fromHex, hex, utf8, utf8Text } from "../../proto/bytes.ts";
import {
  decimalText,
  durationText,
  NumberTextError,
  parseDecimal,
  parseDuration,
  parseTimestamp,
  parseInteger as parseWireInteger,
  timestampText,
} from "../../proto/number-text.ts";
import { type Decoder, testText } from "./reading.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-decoders-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A decoder of a file, by its text. */
function testFile<Value>(
  decoder: Omit<Decoder<string, Value>, "read">,
  file: string,
  read: (path: string) => Value,
): void {
  const path = join(folder, file);
  mkdirSync(join(path, ".."), { recursive: true });
  testText({
    ...decoder,
    read: (text) => {
      writeFileSync(path, text, { mode: 0o600 });
      return read(path);
    },
    runs: 60,
  });
}

describe("bytes and numbers", () => {
  testText({ name: "hex", samples: ["", "00ff7A"], read: fromHex, errors: [BytesError], write: hex });
  testText({ name: "base64", samples: ["AAEC", "+/8=", "-_8"], read: fromBase64, errors: [BytesError], write: base64 });
  testText({
    name: "UTF-8",
    samples: ["text", "\u{1f600}"],
    read: utf8,
    errors: [BytesError],
    write: (bytes) => utf8Text(bytes),
    canonical: true,
  });
  testText({
    name: "integer",
    samples: ["0", "-12", "115792089237316195423570985008687907853269984665640564039457584007913129639935"],
    read: parseInteger,
    errors: [IntError],
    write: formatInteger,
    canonical: true,
  });
  testText({ name: "integer in JSON", samples: ["-0012"], read: parseWireInteger, errors: [NumberTextError] });
  testText({
    name: "decimal",
    samples: ["1.5", "-0.000000000000000001", "12"],
    read: (text) => Dec.parse(text).toString(),
    errors: [DecError],
    write: (text) => text,
  });
  testText({
    name: "decimal on the wire",
    samples: ["1500000000000000000", "-1", ""],
    read: (text) => Dec.fromWire(text).toWire(),
    errors: [DecError],
    write: (text) => text,
  });
  testText({
    name: "decimal in JSON",
    samples: ["0.1", "-12.000000000000000001"],
    read: parseDecimal,
    errors: [NumberTextError],
    write: decimalText,
  });
});

describe("coins and addresses", () => {
  const coinErrors = [CoinError, DecError, IntError];
  testText({
    name: "coin",
    samples: ["10uopen", "98 bar", "1.5ibc/27394FB0"],
    read: parseCoin,
    errors: coinErrors,
    write: formatCoin,
  });
  testText({
    name: "coins",
    samples: ["10uopen,5foo", "", "1a1a,2b2b,3c3c"],
    read: parseCoins,
    errors: coinErrors,
    write: formatCoins,
  });
  testText({
    name: "decimal coins",
    samples: ["0.025uopen,5foo"],
    read: (text) => formatDecCoins(parseDecCoins(text)),
    errors: coinErrors,
    write: (text) => text,
  });
  const addresses = new AddressCodec("trib");
  const account = addresses.account(new Uint8Array(20).fill(7));
  testText({
    name: "bech32",
    samples: [account, account.toUpperCase()],
    read: decodeBech32,
    errors: [AddressError],
    write: ({ prefix, bytes }) => encodeBech32(prefix, bytes),
  });
  testText({
    name: "account address",
    samples: [account],
    read: (text) => addresses.parseAccount(text),
    errors: [AddressError],
    write: (bytes) => addresses.account(bytes),
  });
  testText({
    name: "bit array",
    samples: ["x_x", ""],
    read: parseCompactBits,
    errors: [CompactBitArrayError],
    write: formatCompactBits,
    canonical: true,
  });
});

describe("times and durations", () => {
  testText({
    name: "time",
    samples: ["2026-01-02T03:04:05.678Z", "0001-01-01T00:00:00Z", "2024-02-29T23:59:59.999999999+05:30"],
    read: parseTime,
    errors: [TimeError],
    write: formatTime,
  });
  testText({
    name: "time in JSON",
    samples: ["2026-01-02T03:04:05.678Z"],
    read: parseTimestamp,
    errors: [NumberTextError],
    write: timestampText,
  });
  testText({
    name: "duration in JSON",
    samples: ["1209600s", "-1.5s", "504h0m0s"],
    read: parseDuration,
    errors: [NumberTextError],
    write: durationText,
  });
  testText({
    name: "duration of Go",
    samples: ["504h0m0s", "-1.5ms", "0"],
    read: parseGoDuration,
    errors: [],
    write: (value) => (value === undefined ? "" : formatGoDuration(value)),
  });
  testText({ name: "duration of a setting", samples: ["1m30s", "0"], read: parseConfigDuration, errors: [] });
});

describe("paths, queries and places", () => {
  testText({ name: "key path", samples: ["/store/x:0102", "/a%20b/c"], read: parseKeyPath, errors: [MerkleError] });
  testText({
    name: "event query",
    samples: [
      "tm.event='Tx' AND transfer.amount > 5",
      "a.b EXISTS AND c CONTAINS 'x' AND d <= TIME 2020-01-02T03:04:05Z AND e >= DATE 2020-01-02",
    ],
    read: parseEventQuery,
    errors: [EventQueryError],
    write: formatEventQuery,
    runs: 600,
  });
  const id = "0123456789abcdef0123456789abcdef01234567";
  testText({
    name: "peer address",
    samples: [`${id}@host.example:26656`, `tcp://${id}@[::1]:1`, "127.0.0.1:26656"],
    read: (text) => {
      const peer = parsePeerAddress(text);
      multiaddrOf(peer);
      return peer;
    },
    errors: [NodeIdentityError],
    write: (peer) =>
      `${peer.id === undefined ? "" : `${peer.id}@`}${peer.host.includes(":") ? `[${peer.host}]` : peer.host}:${peer.port}`,
  });
  testText({
    name: "peer list",
    samples: [`${id}@a:1,${id}@b:2`, ""],
    read: parsePeerList,
    errors: [NodeIdentityError],
  });
  testText({
    name: "peer listen address",
    samples: ["tcp://0.0.0.0:26656", "[::1]:0", ":5"],
    read: (text) => listenMultiaddr(text).toString(),
    errors: [NodeIdentityError],
  });
  testText({
    name: "listen address",
    samples: ["tcp://127.0.0.1:26657", "[::1]:0"],
    read: (text) => parseListenAddress(text, "rpc.laddr"),
    errors: [ListenError],
  });
});

describe("keys", () => {
  testText({
    name: "node key",
    samples: [formatNodeKey(generateNodeKey())],
    read: parseNodeKey,
    errors: [NodeIdentityError],
    write: formatNodeKey,
  });
  const keyFile = join(folder, "sample.json");
  writeValidatorKeyFile(keyFile, new Uint8Array(32).fill(5));
  testFile(
    {
      name: "validator key",
      samples: [readFileSync(keyFile, "utf8"), readFileSync(keyFile, "utf8").replace(/"address": ".*",/, "")],
      errors: [ValidatorKeyError],
    },
    "priv_validator_key.json",
    (path) => hex(readValidatorKeyFile(path).address),
  );
  testText({
    name: "sign state of CometBFT",
    samples: [
      '{"height":"12","round":0,"step":3}',
      `{"height":"12","round":1,"step":2,"signature":"${base64(new Uint8Array(64))}","signbytes":"0A0B"}`,
    ],
    read: fromCometSignState,
    errors: [JournalError],
  });
  const headers = new Map([["kdf", "argon2"]]);
  testText({
    name: "armor",
    samples: [encodeArmor({ type: "TENDERMINT PRIVATE KEY", headers, data: new Uint8Array(70).fill(9) })],
    read: decodeArmor,
    errors: [CliError],
    write: encodeArmor,
  });
});

describe("files", () => {
  testText({
    name: "application state",
    samples: ['{"bank":{}}', ""],
    read: (text) => appStateOf(new Uint8Array(Buffer.from(text)), () => undefined),
    errors: [GenesisError],
  });
  testText({
    name: "JSON file",
    samples: ['{"a":[1,"b"]}'],
    read: (text) => parseJson(text, "a.json"),
    errors: [CliError],
  });
  for (const file of ["config", "app"] as const) {
    testFile(
      { name: `${file}.toml`, samples: [configFileText(file)], errors: [ConfigError] },
      `${file}-home/config/${file}.toml`,
      (path) => readNodeConfig(join(path, "..", "..")),
    );
  }
  testFile(
    { name: "client.toml", samples: ['chain-id = "a"\noutput = "json"\n'], errors: [CliError] },
    "client.toml",
    readClientConfig,
  );
  testFile({ name: "TOML file", samples: [configFileText("config")], errors: [CliError] }, "some.toml", readToml);
});
