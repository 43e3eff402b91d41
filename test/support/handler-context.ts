/** A context over an empty state, for handlers that no account of a test can sign for. Owns test data only. */
import { ExecutionContext } from "../../chain/module/context.ts";
import { MultiBranch } from "../../chain/store/branch.ts";
import { infiniteGasMeter } from "../../chain/store/gas.ts";
import { PlainStore } from "../../chain/store/plain-store.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import type { Timestamp } from "../../chain/types/time.ts";
import { consensusParams } from "./chain-harness.ts";

export function handlerContext(time: Timestamp = { seconds: 1_700_000_000n, nanos: 0 }): ExecutionContext {
  return new ExecutionContext(new MultiBranch({ kv: () => new PlainStore() }), infiniteGasMeter(), {
    chainId: "tributary-test",
    height: 5n,
    time,
    addresses: new AddressCodec("trib"),
    consensusParams: consensusParams(),
  });
}
