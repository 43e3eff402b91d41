import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two worker processes: the tests start real nodes, and the reference machine has two cores.
    maxWorkers: 2,
  },
});
