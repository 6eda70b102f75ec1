/** The texts of the page's language, by the English ones. */
export const language: string;
export const texts: Record<string, string>;
