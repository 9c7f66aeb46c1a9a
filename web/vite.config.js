import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { licences } from "./licences.js";

/** The pages: everything the server hands out, in the package's own folder. */
export default defineConfig({
  plugins: [svelte(), licences()],
  base: "./",
  build: {
    outDir: "../src/vitropolis/server/static",
    emptyOutDir: true,
    assetsInlineLimit: 0, // data addresses are allowed for the editor's few pictures alone
    modulePreload: { polyfill: false },
    target: ["chrome123", "firefox120", "safari17.5"], // the first that know light-dark()
    chunkSizeWarningLimit: 700,
  },
  server: { host: "127.0.0.1", proxy: { "/api": "http://127.0.0.1:8765" } },
});
