/** What pages import by a name that only a browser resolves, or find where they run. */
declare module "lit" {
  export class LitElement extends HTMLElement {
    [name: string]: any;
    connectedCallback(): void;
    disconnectedCallback(): void;
    requestUpdate(): void;
    readonly updateComplete: Promise<boolean>;
  }
  export const nothing: unique symbol;
  export function html(strings: TemplateStringsArray, ...values: unknown[]): unknown;
  export function svg(strings: TemplateStringsArray, ...values: unknown[]): unknown;
  export function render(what: unknown, where: HTMLElement | DocumentFragment): unknown;
}

/** Written in front of the worker by whoever serves it. */
declare const SHELL: string[];
declare const VERSION: string;

/** Where sound is made, on a thread of its own. */
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, of: new () => AudioWorkletProcessor): void;
