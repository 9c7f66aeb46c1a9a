import { enhance } from "./enhance";
import "./fragments.css";

enhance(document);
