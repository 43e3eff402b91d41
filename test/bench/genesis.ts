// The genesis of a benchmark's chain: funded senders beside what is there. Owns no measurement.

import type { AppGenesis } from "../../genesis/app-genesis.ts";
import { newGenesis } from "../../genesis/build.ts";
import { definitions } from "../../modules/app.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { Sender } from "./sends.ts";

/** What every sender has if nobody says otherwise. */
const FUNDS = 1_000_000_000n;

/** A genesis of default module states. */
export function emptyGenesis(chainId: string): AppGenesis {
  return newGenesis(definitions, {
    appName: "tributaryd",
    appVersion: "bench",
    genesisTime: { seconds: 1_700_000_000n, nanos: 0 },
    chainId,
    initialHeight: 1,
    denom: "uopen",
  });
}

interface Coin {
  readonly denom: string;
  readonly amount: string;
}

/** Adds accounts with funds: all at once, where addAccount of genesis/build.ts looks through the list for each. */
export function withSenders(
  genesis: AppGenesis,
  senders: readonly Pick<Sender, "address" | "accountNumber">[],
  funds = FUNDS,
): AppGenesis {
  const auth = genesis.app_state.auth as unknown as { readonly accounts: readonly JsonValue[] };
  const bank = genesis.app_state.bank as unknown as {
    readonly balances: readonly JsonValue[];
    readonly supply: readonly Coin[];
  };
  const accounts = senders.map(({ address, accountNumber }) => ({
    "@type": "/cosmos.auth.v1beta1.BaseAccount",
    address,
    pub_key: null,
    account_number: accountNumber.toString(),
    sequence: "0",
  }));
  const balances = senders.map(({ address }) => ({ address, coins: [{ denom: "uopen", amount: funds.toString() }] }));
  const supply = BigInt(bank.supply[0]?.amount ?? "0") + funds * BigInt(senders.length);
  return {
    ...genesis,
    app_state: {
      ...genesis.app_state,
      auth: { ...auth, accounts: [...auth.accounts, ...accounts] },
      bank: {
        ...bank,
        balances: [...bank.balances, ...balances],
        supply: [{ denom: "uopen", amount: supply.toString() }],
      },
    } as AppGenesis["app_state"],
  };
}
