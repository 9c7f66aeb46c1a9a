import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import "./fragments/fragments.css";
import { unfoldForPaper } from "./fragments/paper";
import { start } from "./lib/router.svelte";

start();
unfoldForPaper();
mount(App, { target: document.querySelector("#app") ?? document.body });
