import { enhance } from "./enhance";
import "./fragments.css";
import { unfoldForPaper } from "./paper";

enhance(document);
unfoldForPaper();
