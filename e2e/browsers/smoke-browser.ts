/** A browser that is not Chromium, and the little that a smoke run needs of it. */
export interface SmokeBrowser {
  open(url: string): Promise<void>;
  /** The value of an expression in the page, by way of JSON. Promises are awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Puts text files of this machine into an <input type="file">. */
  setFiles(selector: string, paths: string[]): Promise<void>;
  /** Errors on the console, and those that nobody caught. */
  errors: string[];
  close(): Promise<void>;
}
