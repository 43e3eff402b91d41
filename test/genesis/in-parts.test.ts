// A genesis that is edited and checked where it lies: the text that is written is the one that the whole in memory would make, and no more than
// a batch of a long list is looked at at once.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { AddressCodec } from "../../chain/types/address.ts";
import { addAccount, addAccounts } from "../../genesis/add-accounts.ts";
import { type AppGenesis, GenesisFormError, genesisText } from "../../genesis/app-genesis.ts";
import { newGenesis } from "../../genesis/build.ts";
import { genesisInParts, piecesOf } from "../../genesis/state-parts.ts";
import { validateGenesis } from "../../genesis/validate.ts";
import { compactStatePieces, genesisTextPieces } from "../../genesis/write-pieces.ts";
import { definitions } from "../../modules/app.ts";
import { utf8 } from "../../proto/bytes.ts";
import { JsonText, JsonTextError, type TextSource } from "../../proto/json-text.ts";

const codec = new AddressCodec("trib");
const addressOf = (name: string): string => codec.account(createHash("sha256").update(name).digest().subarray(0, 20));
const COUNT = 3_000;
const coins = (amount: bigint) => [{ denom: "uopen", amount }];

/** A genesis of many accounts. */
function manyAccounts(): AppGenesis {
  const genesis = newGenesis(definitions, {
    appName: "tributaryd",
    appVersion: "0",
    genesisTime: { seconds: 1_700_000_000n, nanos: 0 },
    chainId: "test-1",
    initialHeight: 1,
    denom: "uopen",
  });
  const byBytes = Array.from({ length: COUNT }, (_, index) => addressOf(`account ${index}`)).sort((a, b) =>
    Buffer.compare(codec.parseAccount(a), codec.parseAccount(b)),
  );
  const bank = genesis.app_state.bank as object;
  return {
    ...genesis,
    app_state: {
      ...genesis.app_state,
      auth: {
        ...(genesis.app_state.auth as object),
        accounts: byBytes.map((address, index) => ({
          "@type": "/cosmos.auth.v1beta1.BaseAccount",
          address,
          pub_key: null,
          account_number: String(index),
          sequence: "0",
        })),
      },
      bank: {
        ...bank,
        balances: byBytes.map((address) => ({ address, coins: [{ denom: "uopen", amount: "7" }] })),
        supply: [{ denom: "uopen", amount: String(7 * COUNT) }],
      },
    },
  };
}

/** A source that remembers the longest stretch it was asked for. */
function watched(text: string): TextSource & { longest: number } {
  const bytes = utf8(text);
  return {
    length: bytes.length,
    longest: 0,
    read(start, end) {
      this.longest = Math.max(this.longest, end - start);
      return bytes.slice(start, end);
    },
  };
}

const genesis = manyAccounts();
const text = genesisText(genesis);

describe("a genesis that lies in a file", () => {
  test("comes out as it went in", () => {
    const { document, parts } = genesisInParts(new JsonText(watched(text)));
    const all = [...parts].map(([module, part]) => [module, piecesOf(module, part)] as const);
    expect([...genesisTextPieces(document, all)].join("")).toBe(text);
    expect([...compactStatePieces(all)].join("")).toBe(JSON.stringify(genesis.app_state));
  });

  test("with accounts added at once is the text of adding them one by one in memory", () => {
    const known = addressOf("account 1234");
    const added = [
      { address: addressOf("new 1"), coins: coins(5n), kind: {} },
      { address: known, coins: coins(1_000n), kind: {} },
      { address: addressOf("new 2"), coins: [{ denom: "ushare", amount: 3n }], kind: {} },
      { address: addressOf("new 1"), coins: coins(6n), kind: {} },
    ];
    const source = watched(text);
    const { document, parts } = genesisInParts(new JsonText(source));
    const { auth, bank } = addAccounts(parts, added, true);
    const pieces = [...parts].map(
      ([module, part]) =>
        [module, module === "auth" ? auth : module === "bank" ? bank : piecesOf(module, part)] as const,
    );
    const written = [...genesisTextPieces(document, pieces)].join("");
    const inMemory = added.reduce(
      (before, { address, coins: more }) => addAccount(before, address, more, true),
      genesis,
    );
    expect(written).toBe(genesisText(inMemory));

    const { balances, supply } = (JSON.parse(written) as AppGenesis).app_state.bank as unknown as {
      balances: { address: string; coins: unknown }[];
      supply: unknown;
    };
    const held = (address: string) => balances.filter((balance) => balance.address === address).map((one) => one.coins);
    expect(held(known)).toEqual([[{ denom: "uopen", amount: "1007" }]]);
    expect(held(addressOf("new 1"))).toEqual([[{ denom: "uopen", amount: "11" }]]);
    expect(supply).toEqual([
      { denom: "uopen", amount: String(7 * COUNT + 1_011) },
      { denom: "ushare", amount: "3" },
    ]);
    const bytes = balances.map(({ address }) => codec.parseAccount(address));
    expect(bytes.every((one, index) => index === 0 || Buffer.compare(bytes[index - 1]!, one) < 0)).toBe(true);
    // A batch is 512 items, and what is looked at to find them 256 KiB; the lists are 500 KiB and more.
    expect(source.longest).toBeLessThanOrEqual(262_144);
  });

  test("is checked without being held, to the last balance", () => {
    const source = watched(text);
    expect(validateGenesis(new JsonText(source), definitions).problems).toEqual([]);
    expect(source.longest).toBeLessThanOrEqual(262_144);
    const last = text.lastIndexOf('"amount": "7"');
    const poorer = `${text.slice(0, last)}"amount": "6"${text.slice(last + 13)}`;
    const [problem] = validateGenesis(new JsonText(watched(poorer)), definitions).problems;
    expect(problem?.path).toBe("app_state.bank");
    expect(problem?.message).toContain(`expected ${7 * COUNT - 1}uopen, got ${7 * COUNT}uopen`);
  });

  test("of which a part that no module reads is not JSON is refused all the same", () => {
    const whole = '{"chain_id":"a","app_state":{"epochs":{"epochs":[{"a":1,}]}}}';
    const { problems } = validateGenesis(new JsonText(watched(whole)), definitions);
    expect(problems.map(({ path }) => path)).toContain("app_state.epochs");
    expect(() => validateGenesis(new JsonText(watched(whole.slice(0, -3))), definitions)).toThrow(JsonTextError);
  });

  test("says which part is missing, or is no object", () => {
    const without = (state: object) =>
      genesisInParts(new JsonText(watched(JSON.stringify({ app_state: state })))).parts;
    const added = [{ address: addressOf("new 1"), coins: coins(5n), kind: {} }];
    expect(() => addAccounts(without({ auth: {} }), added)).toThrow("app_state.bank is missing");
    expect(() => addAccounts(without({ auth: [], bank: {} }), added)).toThrow("app_state.auth is not a JSON object");
    expect(() => addAccounts(without({ auth: { accounts: 5 }, bank: {} }), added)).toThrow(GenesisFormError);
  });
});
