import type { IntentType } from "@/gql/graphql";
import { intentTypeLabels } from "@/gql/intentTypes";

export const intentTypes = Object.keys(intentTypeLabels) as readonly IntentType[];
