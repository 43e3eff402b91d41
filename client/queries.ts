/**
 * Owns what CosmJS needs to ask the chain's own modules: an extension for its `QueryClient`, derived from the services. It
 * does not own messages (registry.ts), nor queries of standard modules, which CosmJS knows by itself.
 *
 *   const queries = QueryClient.withExtensions(comet, setupBankExtension, setupNativeExtension);
 *   const { record } = await queries.datanet.record({ datanetId: 1n, number: 1n });
 *   const { amountOut } = await queries.tokenpool.quoteExactIn({ poolId: 1n, denomIn: "uopen", amountIn: "5" });
 *
 * Requests and answers have the shape of `Messages`, as messages do; fields of a request that have their default may be
 * left out. What there is not is refused as CosmJS does it: an error with "NotFound" in its text.
 */
import { decode, encode, type MessageInput, type MessageName } from "../proto/codec.ts";
import { services } from "../proto/registry.ts";
import type { Messages, Services } from "../proto/types.gen.ts";

/** The part of CosmJS's `QueryClient` that is asked. */
interface AbciQueries {
  readonly queryAbci: (
    path: string,
    request: Uint8Array,
    desiredHeight?: number,
  ) => Promise<{ readonly value: Uint8Array }>;
}

type NativeModule = "attribution" | "datanet" | "model" | "tokenpool";

/** A rpc's request and answer, by the names of their messages. */
type Rpc = readonly [request: MessageName, response: MessageName];

type Rpcs<Module extends NativeModule> = Services[`tributary.${Module}.v1`]["Query"];

/** The queries of one module: a method for each rpc. `height` asks for the state after that block; the latest without it. */
type ModuleQueries<Module extends NativeModule> = {
  readonly [Name in keyof Rpcs<Module> & string as Uncapitalize<Name>]: Rpcs<Module>[Name] extends Rpc
    ? (request: MessageInput<Rpcs<Module>[Name][0]>, height?: number) => Promise<Messages[Rpcs<Module>[Name][1]]>
    : never;
};

/** What the extension adds to a `QueryClient`. */
export type NativeExtension = { readonly [Module in NativeModule]: ModuleQueries<Module> };

/** The extension, for `QueryClient.withExtensions`. */
export function setupNativeExtension(base: AbciQueries): NativeExtension {
  const modules: { [module: string]: { [method: string]: unknown } } = {};
  for (const [service, { methods }] of services()) {
    const module = /^tributary\.(\w+)\.v1\.Query$/.exec(service)?.[1];
    if (module === undefined) continue;
    modules[module] = Object.fromEntries(
      methods.map(({ name, request, response }) => [
        name.charAt(0).toLowerCase() + name.slice(1),
        async (message: unknown, height?: number) => {
          const data = encode(request as MessageName, message as never);
          const { value } = await base.queryAbci(`/${service}/${name}`, data, height);
          return decode(response as MessageName, value);
        },
      ]),
    );
  }
  return modules as unknown as NativeExtension;
}
