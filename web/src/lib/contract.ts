import type { components } from "../openapi";

/** What the server says and takes: types made from its own OpenAPI document. */
type Models = components["schemas"];
export type Meta = Models["Meta"];
export type PolicyText = Models["PolicyText"];
export type Checked = Models["CheckTold"];
export type Finding = Models["Finding"];
export type Estimate = Models["EstimateTold"];
export type Listed = Models["RunEntry"];
export type Job = Models["RunRecord"];
export type Begun = Models["Begun"];
export type View = Models["View"];
export type Pick = Models["PickEntry"];
export type Life = Models["LifeView"];
export type Download = Models["FileEntry"];
