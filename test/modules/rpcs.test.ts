/**
 * Every message and query of the modules, those that a Cosmos chain is expected to have and the chain's own: each is answered, each has its REST route, and each is named
 * where modules are tested. The list comes from the .proto services. Owns no expected values: those are beside each module.
 */
import { describe, expect, test } from "vitest";
import { createRouter } from "../../chain/module/router.ts";
import { type Rpc, rpcsOf } from "../../chain/module/services.ts";
import { createModules } from "../../modules/app.ts";
import { nodeHasher, nodeVerifier } from "../../node/crypto.ts";
import { routeQueries } from "../../node/rpc/grpc-services/service.ts";
import { services } from "../../proto/registry.ts";
import { filesUnder, read, type Texts } from "../architecture/tree.ts";
import { ChainHarness } from "../support/chain-harness.ts";
import { describeSdkRoutes, sdkRoutes } from "../vectors/vectors.ts";

/** Packages by what they serve, those of SDK 0.53 (vesting has no queries, params no messages) and the chain's own. */
const PACKAGES = {
  "cosmos.auth.v1beta1": ["Msg", "Query"],
  "cosmos.vesting.v1beta1": ["Msg"],
  "cosmos.bank.v1beta1": ["Msg", "Query"],
  "cosmos.staking.v1beta1": ["Msg", "Query"],
  "cosmos.slashing.v1beta1": ["Msg", "Query"],
  "cosmos.evidence.v1beta1": ["Msg", "Query"],
  "cosmos.distribution.v1beta1": ["Msg", "Query"],
  "cosmos.mint.v1beta1": ["Msg", "Query"],
  "cosmos.gov.v1": ["Msg", "Query"],
  "cosmos.gov.v1beta1": ["Msg", "Query"],
  "cosmos.authz.v1beta1": ["Msg", "Query"],
  "cosmos.feegrant.v1beta1": ["Msg", "Query"],
  "cosmos.upgrade.v1beta1": ["Msg", "Query"],
  "cosmos.consensus.v1": ["Msg", "Query"],
  "cosmos.params.v1beta1": ["Query"],
  "tributary.datanet.v1": ["Msg", "Query"],
  "tributary.attribution.v1": ["Msg", "Query"],
  "tributary.model.v1": ["Msg", "Query"],
  "tributary.tokenpool.v1": ["Msg", "Query"],
} as const;

interface Method extends Rpc {
  readonly package: string;
  readonly service: string;
}

const methods: readonly Method[] = Object.entries(PACKAGES).flatMap(([name, kinds]) =>
  kinds.flatMap((kind) =>
    rpcsOf(`${name}.${kind}`).map((rpc) => ({ ...rpc, package: name, service: `${name}.${kind}` })),
  ),
);
const pathOf = ({ service, name }: Method) => `/${service}/${name}`;
const isQuery = ({ service }: Method) => service.endsWith(".Query");

/** The methods that no text names: not by their request, nor by their path, nor as a word of its own beside the package. */
function unnamed(wanted: readonly Method[], texts: Texts): string[] {
  const escaped = (text: string) => text.replaceAll(".", "\\.");
  return wanted
    .filter((method) => {
      const exact = new RegExp(`${escaped(method.request)}\\b|${escaped(pathOf(method))}\\b`);
      const isNamed = (text: string) =>
        exact.test(text) ||
        (text.includes(`${method.service}/`) && text.includes(`"${method.name}"`)) ||
        (method.package === "tributary.datanet.v1" && isNamedToWorld(method, text));
      return ![...texts.values()].some(isNamed);
    })
    .map(pathOf);
}

/** Whether a text names a method of datanet's to `DatanetWorld`, which completes the names. */
function isNamedToWorld(method: Method, text: string): boolean {
  const short = isQuery(method) ? `query\\(\\s*"${method.name}"` : `"Msg${method.name}"`;
  return text.includes("DatanetWorld") && new RegExp(short).test(text);
}

const tests: Texts = new Map(
  ["test/modules", "test/support"]
    .flatMap((folder) => filesUnder(folder, (path) => path.endsWith(".ts") && path !== "test/modules/rpcs.test.ts"))
    .map((path) => [path, read(path)]),
);

describe("every message and query", () => {
  const chain = ChainHarness.start();

  test("is of a service that is listed here, and every listed service has some", () => {
    const served = services()
      .map(([name]) => name)
      .filter((name) => /^(cosmos|tributary)\./.test(name) && /\.(Msg|Query)$/.test(name));
    expect([...new Set(methods.map(({ service }) => service))].sort()).toEqual(served.sort());
  });

  test("is handled by a module", () => {
    const router = createRouter(createModules({ verifier: nodeVerifier(), hasher: nodeHasher() }).modules);
    const lost = methods.filter((method) =>
      isQuery(method) ? router.query(pathOf(method)) === undefined : router.message(`/${method.request}`) === undefined,
    );
    expect(lost.map(pathOf)).toEqual([]);
  });

  test.each(methods.filter(isQuery).map(pathOf))("%s is answered over abci_query", async (path) => {
    const application = {
      query: async (request: Parameters<typeof chain.application.query>[0]) => chain.application.query(request),
    };
    const query = routeQueries(
      [],
      application,
      () => chain.height,
      (error) => {
        throw error;
      },
    );
    const logOf = async (asked: string) =>
      (await query({ path: asked, data: new Uint8Array(0), height: 0n, prove: false })).log;
    expect(await logOf(path)).not.toContain("unknown query path");
    expect(await logOf(`${path}Unknown`)).toContain("unknown query path");
  });

  test("is named where modules are tested", () => {
    expect(unnamed(methods, tests)).toEqual([]);
  });

  test("that nothing names is found", () => {
    const [pool] = methods.filter(({ name }) => name === "Pool");
    if (pool === undefined) throw new Error("staking has no Pool");
    const found = (text: string) => unnamed([pool], new Map([["planted.test.ts", text]]));
    expect(found("cosmos.staking.v1beta1.QueryPoolRequests, /cosmos.staking.v1beta1.Query/Pools")).toEqual([
      "/cosmos.staking.v1beta1.Query/Pool",
    ]);
    expect(found('"Pool" of "cosmos.tokenpool.v1.Query/"')).toEqual(["/cosmos.staking.v1beta1.Query/Pool"]);
    expect(found("/cosmos.staking.v1beta1.Query/Pool")).toEqual([]);
    expect(found("cosmos.staking.v1beta1.QueryPoolRequest")).toEqual([]);
    expect(found('"Pool"; "/cosmos.staking.v1beta1.Query/" + name')).toEqual([]);
  });
});

describeSdkRoutes("REST routes of the SDK's list", () => {
  const listed = sdkRoutes();
  const prefixes = Object.keys(PACKAGES).map((name) => `/${name.replaceAll(".", "/")}/`);
  const wanted = listed.filter((route) => prefixes.some((prefix) => route.startsWith(prefix)));
  const ours = services().flatMap(([, service]) =>
    service.methods.flatMap(({ http }) => (http ?? []).map(({ path }) => path)),
  );
  // A long path is cut after a slash in the list.
  const isServed = (route: string) =>
    ours.some((path) => path === route || (route.endsWith("/") && path.startsWith(route)));

  test("none of these modules is missing", () => {
    expect(wanted.length).toBeGreaterThan(70);
    expect(wanted.filter((route) => !isServed(route))).toEqual([]);
  });

  test("of the transactions' service, the engine's and the node's none is missing", () => {
    const others = ["/cosmos/tx/v1beta1/", "/cosmos/base/tendermint/v1beta1/", "/cosmos/base/node/v1beta1/"];
    const transactions = listed.filter((route) => others.some((prefix) => route.startsWith(prefix)));
    expect(transactions.length).toBeGreaterThan(15);
    expect(transactions.filter((route) => !isServed(route))).toEqual([]);
  });
});
