// Every decoder of JSON: messages, the genesis in its layers, documents of the command line, and what RPC and REST are
// asked. The servers as a whole are tried in test/node/rpc/rpc.test.ts and test/node/rest/rest.test.ts.

import { describe, expect, test } from "vitest";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import {
  consensusParamsFromJson,
  consensusParamsToJson,
  GenesisError,
  genesisDocumentToAppJson,
  genesisDocumentToCometJson,
  parseGenesisDocument,
  publicKeyFromJson,
  publicKeyToJson,
} from "../../chain/types/genesis-doc.ts";
import { nobleHasher } from "../../chain/types/hash.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import { ZERO_TIME } from "../../chain/types/time.ts";
import { CliError } from "../../cli/errors.ts";
import { publicKeyFromJson as accountKeyFromJson } from "../../cli/keys/public-key.ts";
import { readSignatures, signatureDocument } from "../../cli/tx/multisig.ts";
import { txFromJson } from "../../cli/tx/transaction.ts";
import { GenesisFormError, toAppGenesis } from "../../genesis/app-genesis.ts";
import { validateGenesis } from "../../genesis/validate.ts";
import { createModules } from "../../modules/app.ts";
import { RequestFieldError, requestJson } from "../../node/rest/request-fields.ts";
import { readRequest } from "../../node/rpc/envelope.ts";
import { method, ParameterError, RequestError, readJsonParameters, readUriParameters } from "../../node/rpc/method.ts";
import { encode, type MessageName, packAny } from "../../proto/codec.ts";
import { fromJson, JsonError, type JsonValue, toJson } from "../../proto/json.ts";
import { genesisTextOf } from "../support/genesis-text.ts";
import { testJson, testText } from "./reading.ts";
import { chainId, keys, time } from "./samples.ts";

const account = "trib1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqy4hrk";
const coin = { denom: "uopen", amount: "10" };
const publicKey = packAny("cosmos.crypto.secp256k1.PubKey", { key: new Uint8Array(33).fill(2) });

describe("messages", () => {
  const messages: readonly (readonly [MessageName, JsonValue])[] = [
    [
      "cosmos.tx.v1beta1.Tx",
      {
        body: {
          messages: [
            { "@type": "/cosmos.bank.v1beta1.MsgSend", from_address: account, to_address: account, amount: [coin] },
          ],
          memo: "m",
          timeout_height: "5",
          timeout_timestamp: "2026-01-02T03:04:05Z",
        },
        auth_info: {
          signer_infos: [
            {
              public_key: {
                "@type": "/cosmos.crypto.secp256k1.PubKey",
                key: "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC",
              },
              mode_info: { single: { mode: "SIGN_MODE_DIRECT" } },
              sequence: "1",
            },
          ],
          fee: { amount: [coin], gas_limit: "200000", payer: "", granter: "" },
        },
        signatures: ["AAEC"],
      },
    ],
    [
      "cosmos.staking.v1beta1.Params",
      {
        unbonding_time: "1814400s",
        max_validators: 100,
        max_entries: 7,
        historical_entries: 10000,
        bond_denom: "uopen",
        min_commission_rate: "0.050000000000000000",
      },
    ],
    ["cosmos.base.v1beta1.Coin", coin],
    ["tributary.attribution.v1.MsgOpenUse", { user: account, model_id: "1", prompt_hash: "AAEC", max_fee: coin }],
  ];
  for (const [name, sample] of messages) {
    testJson({
      name,
      samples: [sample],
      read: (json) => fromJson(name, json as JsonValue),
      errors: [JsonError],
      write: (value) => toJson(name, value),
      runs: 300,
    });
  }
});

describe("the genesis", () => {
  const document = {
    appName: "tributaryd",
    appVersion: "1",
    genesisTime: time,
    chainId,
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: keys.map(({ validator }) => ({ ...validator, power: validator.votingPower, name: "v" })),
    appHash: new Uint8Array(0),
    appState: { bank: {} },
  };
  testJson({
    name: "genesis document",
    samples: [genesisDocumentToAppJson(document), genesisDocumentToCometJson(document)],
    read: (json) => parseGenesisDocument(json, ZERO_TIME),
    errors: [GenesisError],
    write: genesisDocumentToAppJson,
    runs: 400,
  });
  testJson({
    name: "consensus parameters",
    samples: [consensusParamsToJson(DEFAULT_CONSENSUS_PARAMS)],
    read: consensusParamsFromJson,
    errors: [GenesisError, ValidationError],
    write: consensusParamsToJson,
  });
  testJson({
    name: "consensus key",
    samples: [publicKeyToJson(keys[0]!.validator.pubKey)],
    read: publicKeyFromJson,
    errors: [GenesisError],
    write: publicKeyToJson,
  });
  testJson({
    name: "genesis of the command line",
    samples: [genesisDocumentToAppJson(document), genesisDocumentToCometJson(document)],
    read: (json) => toAppGenesis(json).app_state,
    errors: [GenesisFormError],
  });
  const { modules } = createModules({ verifier: nobleVerifier, hasher: nobleHasher });
  const state = Object.fromEntries(
    modules.map((module) => [module.name, (module.genesis?.default() ?? {}) as JsonValue]),
  );
  testJson({
    name: "genesis with every module's state: validation reports and never throws",
    samples: [{ ...(genesisDocumentToAppJson(document) as object), app_state: state }],
    read: (json) => validateGenesis(genesisTextOf(json), modules as never).problems.length,
    errors: [],
    runs: 400,
  });
});

describe("documents of the command line", () => {
  testJson({
    name: "transaction document",
    samples: [{ body: { messages: [], memo: "m" }, auth_info: {}, signatures: [] }],
    read: (json) => txFromJson(json, "tx.json"),
    errors: [CliError],
  });
  testJson({
    name: "signature document",
    samples: [signatureDocument(publicKey, new Uint8Array(64), 3n, 127)],
    read: (json) => readSignatures(json, "sig.json"),
    errors: [CliError],
  });
  testJson({
    name: "account key",
    samples: [toJson("google.protobuf.Any", publicKey)],
    read: (json) => accountKeyFromJson(json, "--pubkey"),
    errors: [CliError],
  });
});

describe("requests", () => {
  const kinds = {
    text: "string",
    flag: "boolean",
    data: "bytes",
    hash: "hexBytes",
    height: "int64",
    count: "uint",
    page: "optionalInt",
    at: "optionalInt64",
    any: "json",
  } as const;
  const sampleMethod = method("sample", kinds, () => null);
  const parameters = {
    text: "a",
    flag: true,
    data: "AAEC",
    hash: "00ff",
    height: "5",
    count: "1",
    page: "2",
    at: "3",
    any: { a: [] },
  };
  testJson({
    name: "JSON-RPC request",
    samples: [{ jsonrpc: "2.0", id: 1, method: "status", params: {} }],
    read: readRequest,
    errors: [RequestError],
  });
  testJson({
    name: "parameters of a JSON-RPC request",
    samples: [parameters, Object.values(parameters)],
    read: (json) => readJsonParameters(sampleMethod, json),
    errors: [ParameterError],
    runs: 400,
  });
  testText({
    name: "parameters in a URI",
    samples: ['text="a"&flag=true&data=0x0102&hash="ab"&height=5&count="1"&page=2&at=3&any={}'],
    read: (text) => readUriParameters(sampleMethod, new URLSearchParams(text)),
    errors: [ParameterError],
    runs: 400,
  });
  const request = "cosmos.bank.v1beta1.QueryBalanceRequest";
  const paged = "cosmos.bank.v1beta1.QueryAllBalancesRequest";
  for (const name of [request, paged, "cosmos.tx.v1beta1.GetTxsEventRequest"] as const) {
    testText({
      name: `query string of ${name}`,
      samples: [
        "address=a&denom=b&pagination.limit=5&pagination.key=AAE=&pagination.count_total=true&order_by=1",
        "events=a&events=b&page=1&limit=2&order_by=ORDER_BY_ASC&query=x&resolve_denom=1&resolveDenom=f",
      ],
      read: (text) =>
        encode(name, fromJson(name, requestJson(name, new Map(), new URLSearchParams(text)) as JsonValue) as never),
      errors: [RequestFieldError, JsonError],
    });
  }
});

test("text that UTF-8 cannot carry and numbers that are too great are refused as JSON, with the place", () => {
  const send = { from_address: "\ud800", to_address: account, amount: [coin] };
  expect(() => fromJson("cosmos.bank.v1beta1.MsgSend", send)).toThrow(JsonError);
  expect(() => fromJson("cosmos.bank.v1beta1.MsgSend", send)).toThrow("cosmos.bank.v1beta1.MsgSend.from_address");
  const great = { denom: "uopen", amount: `1${"0".repeat(90)}` };
  expect(() => fromJson("cosmos.base.v1beta1.Coin", great)).toThrow(JsonError);
});
