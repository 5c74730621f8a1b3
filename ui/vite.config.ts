import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  // Strict CSP: nothing inlined, nothing from elsewhere.
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    // One piece, read from disk.
    chunkSizeWarningLimit: 1000,
    modulePreload: false,
    // Asked for by @hpke/core where there is no Web Cryptography, which a webview always has.
    rolldownOptions: { external: ["crypto"] },
  },
  // The words of the screens lie beside the other assets.
  server: { port: 5173, strictPort: true, fs: { allow: [".", "../assets/text"] } },
});
