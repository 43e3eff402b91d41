/**
 * Owns the one table of RPC methods, from which POST, GET, WebSocket and the HTML listing are served.
 */

import type { RpcEnvironment } from "../environment.ts";
import type { Method } from "../method.ts";
import { applicationMethods } from "./application.ts";
import { blockMethods } from "./blocks.ts";
import { evidenceMethods } from "./evidence.ts";
import { informationMethods } from "./information.ts";
import { peerMethods } from "./peers.ts";
import { subscriptionMethods } from "./subscriptions.ts";
import { transactionMethods } from "./transactions.ts";

/** All methods by name. */
export function methodTable(environment: RpcEnvironment): ReadonlyMap<string, Method> {
  const methods = [
    ...informationMethods(environment),
    ...peerMethods(environment),
    ...blockMethods(environment),
    ...transactionMethods(environment),
    ...applicationMethods(environment),
    ...evidenceMethods(environment),
    ...subscriptionMethods(environment),
  ];
  return new Map(methods.map((one) => [one.name, one]));
}
