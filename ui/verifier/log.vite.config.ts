import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The reader of logs for Node.js, in one file beside the page. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  ssr: { noExternal: true },
  build: {
    ssr: "log.ts",
    target: "node20",
    emptyOutDir: false,
    rolldownOptions: { output: { format: "esm", entryFileNames: "log.mjs" } },
  },
});
