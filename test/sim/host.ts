// What simulated nodes run: the application and the genesis that goes with it. Owns the two choices: the key-value toy,
// for tests that want to see through everything, and the chain's own application with all its modules (chain-host.ts).

import type { Application } from "../../chain/app/abci.ts";
import type { GenesisDocument } from "../../chain/types/genesis-doc.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import type { Timestamp } from "../../chain/types/time.ts";
import type { ValidatorKey } from "../../node/engine/validator-key.ts";
import { kvstore } from "./kvstore.ts";

export interface ApplicationHost {
  readonly genesis: GenesisDocument;
  /** An application over the records that a node's storage kept; `report` hears of contained bugs. */
  create: (records: ReadonlyMap<string, Uint8Array>, report: (error: unknown, where: string) => void) => Application;
}

/** The validators a chain begins with. */
export interface HostValidators {
  readonly chainId: string;
  readonly time: Timestamp;
  readonly keys: readonly ValidatorKey[];
  readonly powers: readonly bigint[];
}

export function kvstoreHost({ chainId, time, keys, powers }: HostValidators): ApplicationHost {
  return {
    genesis: {
      appName: "",
      appVersion: "",
      genesisTime: time,
      chainId,
      initialHeight: 1n,
      consensusParams: DEFAULT_CONSENSUS_PARAMS,
      validators: keys.map(({ address, publicKey }, number) => ({
        address,
        pubKey: publicKey,
        power: powers[number] ?? 10n,
        name: `v${number}`,
      })),
      appHash: new Uint8Array(0),
      appState: {},
    },
    create: (records) => kvstore(records),
  };
}
