type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The plural form of the language for `n`, with `#` replaced by the number. */
export function plural(language: string, n: number, forms: Forms): string {
  const form = forms[new Intl.PluralRules(language).select(n)] ?? forms.other;
  return form.replace("#", new Intl.NumberFormat(language).format(n));
}
