import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import "./fragments/fragments.css";
import { start } from "./lib/router.svelte";

start();
mount(App, { target: document.querySelector("#app") ?? document.body });
