// Owns `tributaryd status`: the node's own account of itself, in the casing of simd 0.50 and later.
import type { Command } from "commander";
import { nodeOption, outputOption, withOptions } from "./options.ts";
import { printData } from "./output.ts";
import { RpcClient } from "./rpc-client.ts";
import { Settings } from "./settings.ts";
import type { Json } from "./yaml.ts";

/** What the RPC's `status` returns. */
export interface NodeStatus {
  readonly node_info: {
    readonly id: string;
    readonly network: string;
    readonly moniker: string;
    readonly [key: string]: Json;
  };
  readonly sync_info: {
    readonly latest_block_height: string;
    readonly latest_block_time: string;
    readonly catching_up: boolean;
    readonly [key: string]: Json;
  };
  readonly validator_info: { readonly address: string; readonly pub_key: Json; readonly voting_power: string };
}

/** Fills in the `status` command. */
export function addStatusCommand(command: Command): void {
  withOptions(command, [nodeOption("-n, "), outputOption()]).action(async (_options: unknown, made: Command) => {
    const settings = new Settings(made);
    const status = await new RpcClient(settings.nodeUrl()).call<NodeStatus>("status");
    const { node_info, sync_info, validator_info } = status;
    printData({ node_info, sync_info, validator_info: { ...validator_info } }, settings.output("json"));
  });
}
