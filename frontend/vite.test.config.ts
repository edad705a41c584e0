// Bundles the island's tests for Node's own test runner: no test framework to install.
import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { defineConfig } from "vite";

const tests = resolve(import.meta.dirname, "../tests/frontend/island");
const files = readdirSync(tests).filter((name) => name.endsWith(".test.ts"));

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    ssr: true,
    outDir: resolve(import.meta.dirname, "node_modules/.island-tests"),
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(files.map((name) => [basename(name, ".ts"), resolve(tests, name)])),
      output: { entryFileNames: "[name].js" },
    },
  },
});
