import { fieldLook } from "@/components/Field";
import { useLanguage } from "@/lib/language";
import { repetitionOf, usualRules } from "@/lib/repetition";

type Props = {
  /** The value of a datetime-local field. */
  due: string;
  rule: string;
  onRule: (rule: string) => void;
  autoFocus?: boolean;
};

/** The usual rules for a first time, and the rule that is set. */
export function RepeatSelect({ due, rule, onRule, autoFocus = false }: Props) {
  const { language, text } = useLanguage();
  const usual = due === "" ? [] : usualRules(new Date(due));
  const rules = rule === "" || usual.includes(rule) ? usual : [rule, ...usual];
  return (
    <select autoFocus={autoFocus} value={rule} onChange={(event) => onRule(event.target.value)} className={fieldLook}>
      <option value="">{text.intents.repeat.never}</option>
      {rules.map((each) => (
        <option key={each} value={each}>
          {repetitionOf(each, language)}
        </option>
      ))}
    </select>
  );
}
