// ABCI Query: what is answered at which height, and how refusals look (baseapp/abci.go). Proofs are checked with
// @confio/ics23 in test/chain/store; here only that they come and name what they should.

import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { QueryAccountRequest, QueryAccountResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import {
  QueryAllBalancesRequest,
  QueryAllBalancesResponse,
  QueryDenomOwnersRequest,
  QueryDenomOwnersResponse,
} from "cosmjs-types/cosmos/bank/v1beta1/query";
import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../chain/module/errors.ts";
import { concat, utf8, utf8Text } from "../../../proto/bytes.ts";
import { accountOf, ChainHarness } from "../../support/chain-harness.ts";

const ACCOUNT = "/cosmos.auth.v1beta1.Query/Account";
const ALL_BALANCES = "/cosmos.bank.v1beta1.Query/AllBalances";

function start(): ChainHarness {
  return ChainHarness.start({
    balances: { alice: "1000uopen,7usd,3zinc", bob: "10uopen" },
    application: { keepRecent: 3 },
  });
}

function send(chain: ChainHarness, amount: string) {
  chain.runOk("alice", [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: chain.address("alice"), toAddress: chain.address("bob"), amount: [{ denom: "uopen", amount }] },
  ]);
}

describe("an account", () => {
  test("is answered with the height it was read at", () => {
    const chain = start();
    const data = QueryAccountRequest.encode({ address: chain.address("bob") }).finish();
    const answer = chain.abciQuery(ACCOUNT, data);
    expect([answer.code, answer.height]).toEqual([0, 1n]);
    const any = QueryAccountResponse.decode(answer.value).account!;
    expect(any.typeUrl).toBe("/cosmos.auth.v1beta1.BaseAccount");
    expect(BaseAccount.decode(any.value).accountNumber).toBe(1n);
  });

  test("that does not exist is refused in the words CosmJS looks for", () => {
    const chain = start();
    const address = chain.address("nobody");
    const answer = chain.abciQuery(ACCOUNT, QueryAccountRequest.encode({ address }).finish());
    expect([answer.codespace, answer.code]).toEqual(["sdk", 22]);
    expect(answer.log).toBe(`rpc error: code = NotFound desc = account ${address} not found: key not found`);
  });

  test("of a malformed address is refused as an invalid request", () => {
    const chain = start();
    const answer = chain.abciQuery(ACCOUNT, QueryAccountRequest.encode({ address: "trib1nonsense" }).finish());
    expect([answer.codespace, answer.code]).toEqual(["sdk", 18]);
    expect(answer.log).toMatch(
      /^rpc error: code = InvalidArgument desc = decoding bech32 failed: .*: invalid request$/,
    );
  });

  test("asked for with bytes that are no request is refused", () => {
    const answer = start().abciQuery(ACCOUNT, Uint8Array.of(0xff));
    expect([answer.codespace, answer.code]).toEqual(["sdk", 18]);
  });
});

describe("a height", () => {
  test("that is kept shows the state of then", () => {
    const chain = start();
    send(chain, "5");
    send(chain, "6");
    expect([1n, 2n, 3n, 0n].map((height) => chain.balance("bob", "uopen", height))).toEqual([10n, 15n, 21n, 21n]);
  });

  test("that is pruned is refused as not found", () => {
    const chain = start();
    for (let block = 0; block < 4; block++) chain.block([]);
    const answer = chain.abciQuery(
      ALL_BALANCES,
      QueryAllBalancesRequest.encode(QueryAllBalancesRequest.fromPartial({ address: chain.address("bob") })).finish(),
      1n,
    );
    expect([answer.codespace, answer.code]).toEqual(["sdk", 38]);
    expect(answer.log).toMatch(
      /^failed to load state at height 1; .*version does not exist.* \(latest height: 5\): not found$/,
    );
  });

  test("in the future is refused", () => {
    const answer = start().abciQuery(ACCOUNT, new Uint8Array(), 2n);
    expect([answer.codespace, answer.code]).toEqual(["sdk", 26]);
    expect(answer.log).toBe("cannot query with height in the future; please provide a valid height: invalid height");
  });

  test("below zero is refused", () => {
    const answer = start().abciQuery(ACCOUNT, new Uint8Array(), -1n);
    expect([answer.codespace, answer.code]).toEqual(["sdk", 18]);
  });

  test("before the first block is refused", () => {
    const answer = ChainHarness.genesis().abciQuery(ACCOUNT, new Uint8Array());
    expect([answer.codespace, answer.code]).toEqual(["sdk", 26]);
  });
});

test("pages follow one another by key, and count when asked", () => {
  const chain = start();
  const address = chain.address("alice");
  const seen: string[] = [];
  let key = new Uint8Array();
  for (let page = 0; page < 4; page++) {
    const request = QueryAllBalancesRequest.fromPartial({
      address,
      pagination: { key, limit: 1n, countTotal: page === 0 },
    });
    const { value } = chain.abciQuery(ALL_BALANCES, QueryAllBalancesRequest.encode(request).finish());
    const { balances, pagination } = QueryAllBalancesResponse.decode(value);
    seen.push(...balances.map(({ denom, amount }) => amount + denom));
    if (page === 0) expect(pagination?.total).toBe(3n);
    key = new Uint8Array(pagination!.nextKey);
    if (key.length === 0) break;
  }
  expect(seen).toEqual(["1000uopen", "7usd", "3zinc"]);
});

test("the owners of a denomination are found through the index", () => {
  const chain = start();
  const request = QueryDenomOwnersRequest.fromPartial({ denom: "uopen" });
  const { value } = chain.abciQuery(
    "/cosmos.bank.v1beta1.Query/DenomOwners",
    QueryDenomOwnersRequest.encode(request).finish(),
  );
  const owners = QueryDenomOwnersResponse.decode(value).denomOwners.map(({ address, balance }) => [
    address,
    balance?.amount,
  ]);
  expect(new Map(owners as [string, string][])).toEqual(
    new Map([
      [chain.address("alice"), "1000"],
      [chain.address("bob"), "10"],
    ]),
  );
});

describe("a store key", () => {
  /** 0x02, the address with its length, the denomination: the SDK's key of a balance. */
  const balanceKey = (name: string) => concat(Uint8Array.of(2, 20), accountOf(name).bytes, utf8("uopen"));

  test("gives the SDK's bytes, with two proof operators when asked", () => {
    const chain = start();
    chain.block([]);
    const answer = chain.abciQuery("/store/bank/key", balanceKey("bob"), 0n, true);
    expect([answer.code, answer.height, utf8Text(answer.value)]).toEqual([0, 2n, "10"]);
    expect(answer.proofOps?.ops.map(({ type }) => type)).toEqual(["ics23:iavl", "ics23:simple"]);
    expect(answer.proofOps?.ops[0]?.key).toEqual(balanceKey("bob"));
    expect(answer.proofOps?.ops[1]?.key).toEqual(utf8("bank"));
  });

  test("that is absent gives no value, and a proof of it", () => {
    const chain = start();
    chain.block([]);
    const answer = chain.abciQuery("/store/bank/key", balanceKey("nobody"), 0n, true);
    expect([answer.code, answer.value.length, answer.proofOps?.ops.length]).toEqual([0, 0, 2]);
  });

  test("is refused with a proof at the first height, without a key, and in no store", () => {
    const chain = start();
    expect(chain.abciQuery("/store/bank/key", balanceKey("bob"), 0n, true).code).toBe(18);
    expect(chain.abciQuery("/store/bank/key", new Uint8Array()).code).toBe(2);
    const unknown = chain.abciQuery("/store/nothing/key", balanceKey("bob"));
    expect([unknown.codespace, unknown.code, unknown.log]).toEqual([
      "sdk",
      6,
      "no such store: nothing: unknown request",
    ]);
  });
});

describe("other paths", () => {
  test("answer the version, and what they do not know", () => {
    const chain = start();
    expect(utf8Text(chain.abciQuery("/app/version", new Uint8Array()).value)).toBe("0.0.0-test");
    expect(chain.abciQuery("", new Uint8Array()).log).toBe("no query path provided: unknown request");
    expect(chain.abciQuery("/cosmos.nothing.v1.Query/Nothing", new Uint8Array()).log).toBe(
      "unknown query path: unknown request",
    );
    expect(chain.abciQuery("/app/nothing", new Uint8Array()).code).toBe(6);
    expect(chain.abciQuery(`/${"x".repeat(5000)}`, new Uint8Array()).code).toBe(6);
  });

  test("simulate as JSON", () => {
    const chain = start();
    const tx = chain.sign("alice", [
      "cosmos.bank.v1beta1.MsgSend",
      {
        fromAddress: chain.address("alice"),
        toAddress: chain.address("bob"),
        amount: [{ denom: "uopen", amount: "1" }],
      },
    ]);
    const answer = JSON.parse(utf8Text(chain.abciQuery("/app/simulate", tx).value)) as {
      gas_info: { gas_used: string };
    };
    expect(BigInt(answer.gas_info.gas_used)).toBeGreaterThan(20_000n);
  });

  test("are the node's when it registers them", () => {
    const chain = ChainHarness.start({
      nodeQueries: [
        {
          path: "/cosmos.tx.v1beta1.Service/GetTx",
          handle: (request) => {
            if (request.length === 0) throw new GrpcError("NotFound", "tx not found: 00");
            return request;
          },
        },
      ],
    });
    const path = "/cosmos.tx.v1beta1.Service/GetTx";
    expect(chain.abciQuery(path, Uint8Array.of(1)).value).toEqual(Uint8Array.of(1));
    expect(chain.abciQuery(path, new Uint8Array()).log).toBe(
      "rpc error: code = NotFound desc = tx not found: 00: key not found",
    );
  });
});
