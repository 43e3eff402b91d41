/** What a random operation is. Owns the types only; which there are is operations/. */
import type { MessageToSend, TxOptions } from "../support/chain-harness.ts";
import type { AppWorld } from "./world.ts";

/** A transaction somebody wants to send. */
export interface Plan {
  /** The account that signs. */
  readonly from: string;
  readonly message: MessageToSend;
  /** Messages after the first, each signed by one of `options.otherSigners` or by `from`. */
  readonly others?: readonly MessageToSend[];
  readonly options?: TxOptions;
  /** Told when the transaction succeeded. */
  readonly then?: () => void;
}

/** One kind of thing that people do on a chain. */
export interface Operation {
  readonly name: string;
  /** How often it is chosen, beside the others'. */
  readonly weight: number;
  /** Undefined when there is nothing to do it with now. */
  readonly plan: (world: AppWorld) => Plan | undefined;
}
