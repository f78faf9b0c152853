/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation UndoReplacement($id: ID!, $reason: String!) {\n    setDecisionStatus(id: $id, status: ACCEPTED, reason: $reason) {\n      id\n      status\n    }\n  }\n": typeof types.UndoReplacementDocument,
    "\n  fragment CitationFields on Citation {\n    number\n    kind\n    text {\n      title\n      excerpt\n      recordedAt\n    }\n    record {\n      __typename\n      ... on Decision {\n        id\n        status\n        project {\n          id\n          slug\n        }\n      }\n      ... on Intent {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      ... on Specification {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      ... on Memory {\n        id\n        # Null when it is about the person; fields of one name may not differ in that.\n        memoryProject: project {\n          id\n          slug\n        }\n      }\n      ... on Message {\n        id\n        conversation {\n          id\n          project {\n            id\n            slug\n          }\n        }\n      }\n    }\n  }\n": typeof types.CitationFieldsFragmentDoc,
    "\n  mutation MoveToProject($ids: [ID!]!, $projectId: ID!) {\n    moveToProject(ids: $ids, projectId: $projectId)\n  }\n": typeof types.MoveToProjectDocument,
    "\n  query ReplacedDecision($id: ID!) {\n    decision(id: $id) {\n      id\n      number\n      title\n      project {\n        id\n      }\n      supersededBy {\n        id\n        number\n        title\n      }\n    }\n  }\n": typeof types.ReplacedDecisionDocument,
    "\n  mutation CreateReview($input: CreateIntentInput!) {\n    createIntent(input: $input) {\n      id\n    }\n  }\n": typeof types.CreateReviewDocument,
    "\n  mutation RestoreRecord($id: ID!) {\n    restore(id: $id) {\n      __typename\n      id\n    }\n  }\n": typeof types.RestoreRecordDocument,
    "\n  fragment ActionFields on Action {\n    id\n    project {\n      id\n    }\n    tool\n    arguments\n    summary\n    key\n    params\n    status\n    actor\n    reason\n    reasonKey\n    reasonParams\n    undoable\n    createdAt\n    updatedAt\n    message {\n      id\n    }\n    subject {\n      id\n      ...SubjectFields\n    }\n    candidates {\n      ... on Node {\n        id\n        ...SubjectFields\n      }\n      ... on Intent {\n        dueAt\n      }\n    }\n  }\n": typeof types.ActionFieldsFragmentDoc,
    "\n  query ActionList($projectId: ID, $after: String) {\n    actions(projectId: $projectId, first: 20, after: $after) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ActionListDocument,
    "\n  query ProposedActionList($projectId: ID) {\n    actions(projectId: $projectId, first: 50, status: [PROPOSED]) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n    }\n  }\n": typeof types.ProposedActionListDocument,
    "\n  query ActionsOfAgent($agentId: ID!, $after: String) {\n    actions(agentId: $agentId, first: 20, after: $after) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ActionsOfAgentDocument,
    "\n  query ConversationActions($id: ID!) {\n    conversation(id: $id) {\n      id\n      messages(last: 50) {\n        edges {\n          node {\n            id\n            actions {\n              id\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.ConversationActionsDocument,
    "\n  query ActionsOfOtherVersions($messageId: ID!) {\n    message(id: $messageId) {\n      id\n      actionsOfOtherVersions {\n        id\n        undoable\n      }\n    }\n  }\n": typeof types.ActionsOfOtherVersionsDocument,
    "\n  query OneAction($id: ID!) {\n    node(id: $id) {\n      id\n      ...ActionFields\n    }\n  }\n": typeof types.OneActionDocument,
    "\n  mutation AcceptAction($id: ID!, $arguments: JSON) {\n    acceptAction(id: $id, arguments: $arguments) {\n      ...ActionFields\n    }\n  }\n": typeof types.AcceptActionDocument,
    "\n  mutation DismissAction($id: ID!) {\n    dismissAction(id: $id) {\n      ...ActionFields\n    }\n  }\n": typeof types.DismissActionDocument,
    "\n  mutation UndoAction($id: ID!) {\n    undoAction(id: $id) {\n      ...ActionFields\n    }\n  }\n": typeof types.UndoActionDocument,
    "\n  fragment AgentFields on Agent {\n    id\n    name\n    firstUsedAt\n    lastUsedAt\n    actionCount\n    oneProject\n    project {\n      id\n      name\n    }\n    usedToken\n    token {\n      id\n      name\n      hint\n      readOnly\n    }\n  }\n": typeof types.AgentFieldsFragmentDoc,
    "\n  query AgentList($after: String) {\n    agents(first: 20, after: $after) {\n      edges {\n        node {\n          ...AgentFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AgentListDocument,
    "\n  mutation CreateAgentToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      secret\n      token {\n        id\n      }\n    }\n  }\n": typeof types.CreateAgentTokenDocument,
    "\n  mutation RevokeAgentToken($id: ID!) {\n    revokeToken(id: $id) {\n      id\n    }\n  }\n": typeof types.RevokeAgentTokenDocument,
    "\n  query AuditTrail($kinds: [SecurityEventKind!], $after: String) {\n    securityEvents(kinds: $kinds, first: 25, after: $after) {\n      edges {\n        node {\n          id\n          kind\n          userId\n          userName\n          actor\n          actorName\n          address\n          detail\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AuditTrailDocument,
    "\n  fragment MessageFields on Message {\n    id\n    userId\n    content\n    messageType\n    status\n    error\n    errorKey\n    errorParams\n    metadata\n    createdAt\n    updatedAt\n    shown\n    citations {\n      ...CitationFields\n    }\n    versions {\n      id\n    }\n    replyTo {\n      id\n    }\n    conversation {\n      id\n    }\n    attachments {\n      id\n      name\n      mediaType\n      size\n      url\n      thumbnailUrl\n    }\n  }\n": typeof types.MessageFieldsFragmentDoc,
    "\n  query ConversationMessages($id: ID!, $before: String) {\n    conversation(id: $id) {\n      id\n      messages(last: 50, before: $before) {\n        edges {\n          node {\n            ...MessageFields\n          }\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n": typeof types.ConversationMessagesDocument,
    "\n  subscription MessageChanged($conversationId: ID!, $after: String) {\n    messageChanged(conversationId: $conversationId, after: $after) {\n      cursor\n      kind\n      messageId\n      message {\n        ...MessageFields\n      }\n    }\n  }\n": typeof types.MessageChangedDocument,
    "\n  subscription ReplyStreamed($messageId: ID!, $fromOffset: Int!) {\n    replyStreamed(messageId: $messageId, fromOffset: $fromOffset) {\n      offset\n      text\n      status\n    }\n  }\n": typeof types.ReplyStreamedDocument,
    "\n  mutation SendMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        ...MessageFields\n      }\n      reply {\n        ...MessageFields\n      }\n    }\n  }\n": typeof types.SendMessageDocument,
    "\n  mutation StopReply($messageId: ID!) {\n    stopReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n": typeof types.StopReplyDocument,
    "\n  mutation RegenerateReply($messageId: ID!) {\n    regenerateReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n": typeof types.RegenerateReplyDocument,
    "\n  mutation ContinueReply($messageId: ID!) {\n    continueReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n": typeof types.ContinueReplyDocument,
    "\n  mutation EditMessage($id: ID!, $content: String!) {\n    editMessage(id: $id, content: $content) {\n      message {\n        ...MessageFields\n      }\n      reply {\n        ...MessageFields\n      }\n    }\n  }\n": typeof types.EditMessageDocument,
    "\n  mutation SelectVersion($messageId: ID!) {\n    selectVersion(messageId: $messageId) {\n      id\n    }\n  }\n": typeof types.SelectVersionDocument,
    "\n  query MessageShown($id: ID!) {\n    message(id: $id) {\n      id\n      shown\n      conversation {\n        id\n      }\n    }\n  }\n": typeof types.MessageShownDocument,
    "\n  mutation DeleteMessage($id: ID!) {\n    deleteMessage(id: $id)\n  }\n": typeof types.DeleteMessageDocument,
    "\n  query CodeSessionsOfIntent($id: ID!) {\n    intent(id: $id) {\n      id\n      codeSessions {\n        id\n        status\n        startedAt\n        totalDurationSeconds\n        errorMessage\n        errorKey\n        errorParams\n        executions {\n          executionOrder\n          toolName\n          input\n          output\n          success\n          errorMessage\n          errorKey\n          errorParams\n          durationMs\n        }\n      }\n    }\n  }\n": typeof types.CodeSessionsOfIntentDocument,
    "\n  fragment ContextFields on AssembledContext {\n    tokenCount\n    tokenBudget\n    droppedLayers\n    failedLayers\n    layers {\n      layer\n      retrieved\n      injected\n      cited\n    }\n    leftOut {\n      layer\n      score\n      reason\n      source {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n    assembledInMs\n    items {\n      layer\n      text\n      tokenCount\n      score\n      reason\n      key\n      params\n      number\n      cited\n      source {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n  }\n": typeof types.ContextFieldsFragmentDoc,
    "\n  query ReplyContext($id: ID!) {\n    message(id: $id) {\n      id\n      context {\n        ...ContextFields\n      }\n    }\n  }\n": typeof types.ReplyContextDocument,
    "\n  query IntentContext($id: ID!) {\n    intent(id: $id) {\n      id\n      context {\n        ...ContextFields\n      }\n    }\n  }\n": typeof types.IntentContextDocument,
    "\n  query PreviewContext($projectId: ID, $content: String!, $conversationId: ID) {\n    previewContext(projectId: $projectId, content: $content, conversationId: $conversationId) {\n      ...ContextFields\n    }\n  }\n": typeof types.PreviewContextDocument,
    "\n  fragment ContradictionFields on Contradiction {\n    id\n    kind\n    confidence\n    explanation\n    key\n    params\n    judge\n    status\n    rationale\n    rationaleKey\n    rationaleParams\n    createdAt\n    resolvedAt\n    intent {\n      id\n      status\n    }\n    conflictsWith {\n      ...SubjectFields\n    }\n    conflictsWithDecision {\n      ...SubjectFields\n      id\n      kind\n      topic\n      chosen {\n        id\n        label\n      }\n      supersededBy {\n        id\n        status\n      }\n    }\n    conflictsWithSpecification {\n      ...SubjectFields\n    }\n  }\n": typeof types.ContradictionFieldsFragmentDoc,
    "\n  query IntentContradictions($id: ID!) {\n    intent(id: $id) {\n      id\n      contradictions {\n        ...ContradictionFields\n      }\n    }\n  }\n": typeof types.IntentContradictionsDocument,
    "\n  query DecisionContradictions($id: ID!) {\n    decision(id: $id) {\n      id\n      contradictions {\n        ...ContradictionFields\n      }\n    }\n  }\n": typeof types.DecisionContradictionsDocument,
    "\n  mutation ResolveContradiction($input: ResolveContradictionInput!) {\n    resolveContradiction(input: $input) {\n      ...ContradictionFields\n    }\n  }\n": typeof types.ResolveContradictionDocument,
    "\n  fragment ConversationFields on Conversation {\n    id\n    project {\n      id\n    }\n    title\n    archived\n    model\n    authorId\n    visibility\n    createdAt\n    updatedAt\n  }\n": typeof types.ConversationFieldsFragmentDoc,
    "\n  query ConversationList($projectId: ID, $after: String, $includeArchived: Boolean!) {\n    conversations(projectId: $projectId, first: 50, after: $after, includeArchived: $includeArchived) {\n      edges {\n        node {\n          ...ConversationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConversationListDocument,
    "\n  query OneConversation($id: ID!) {\n    conversation(id: $id) {\n      ...ConversationFields\n    }\n  }\n": typeof types.OneConversationDocument,
    "\n  subscription ConversationActivity($projectId: ID, $after: String) {\n    messageChanged(projectId: $projectId, after: $after) {\n      cursor\n      message {\n        id\n        conversation {\n          ...ConversationFields\n        }\n      }\n    }\n  }\n": typeof types.ConversationActivityDocument,
    "\n  mutation RenameConversation($id: ID!, $title: String!) {\n    renameConversation(id: $id, title: $title) {\n      ...ConversationFields\n    }\n  }\n": typeof types.RenameConversationDocument,
    "\n  mutation ChooseModel($id: ID!, $model: String) {\n    updateConversation(input: { id: $id, model: $model }) {\n      ...ConversationFields\n    }\n  }\n": typeof types.ChooseModelDocument,
    "\n  mutation SetVisibility($id: ID!, $visibility: Visibility!) {\n    updateConversation(input: { id: $id, visibility: $visibility }) {\n      ...ConversationFields\n    }\n  }\n": typeof types.SetVisibilityDocument,
    "\n  mutation ArchiveConversation($id: ID!, $archived: Boolean!) {\n    archiveConversation(id: $id, archived: $archived) {\n      ...ConversationFields\n    }\n  }\n": typeof types.ArchiveConversationDocument,
    "\n  mutation DeleteConversation($id: ID!) {\n    deleteConversation(id: $id)\n  }\n": typeof types.DeleteConversationDocument,
    "\n  query ExportedMessages($id: ID!, $after: String) {\n    conversation(id: $id) {\n      id\n      messages(first: 100, after: $after, allVersions: true) {\n        edges {\n          node {\n            id\n            messageType\n            status\n            content\n            createdAt\n            shown\n            replyTo {\n              id\n            }\n            branchOf {\n              id\n            }\n            citations {\n              number\n              kind\n              text {\n                title\n                recordedAt\n              }\n              record {\n                ... on Node {\n                  id\n                }\n              }\n            }\n            versions {\n              id\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ExportedMessagesDocument,
    "\n  fragment DecisionFields on Decision {\n    id\n    project {\n      id\n    }\n    number\n    title\n    kind\n    topic\n    context\n    options {\n      id\n      label\n      rejectionReason\n    }\n    chosen {\n      id\n      label\n    }\n    value\n    rationale\n    consequences\n    status\n    version\n    tags\n    decidedAt\n    validUntil\n    createdAt\n    updatedAt\n    supersededBy {\n      id\n      number\n      title\n      status\n    }\n    supersedes {\n      id\n      number\n      title\n      status\n    }\n    conversation {\n      id\n      title\n    }\n    intent {\n      id\n      description\n    }\n    contradictions {\n      id\n      status\n    }\n  }\n": typeof types.DecisionFieldsFragmentDoc,
    "\n  query DecisionList($projectId: ID, $after: String, $status: [DecisionStatus!]) {\n    decisions(projectId: $projectId, first: 50, after: $after, status: $status) {\n      edges {\n        node {\n          ...DecisionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DecisionListDocument,
    "\n  query OneDecision($id: ID!) {\n    decision(id: $id) {\n      ...DecisionFields\n    }\n  }\n": typeof types.OneDecisionDocument,
    "\n  query DecisionDetails($id: ID!) {\n    decision(id: $id) {\n      id\n      sources {\n        ...SubjectFields\n      }\n      history {\n        at\n        actor\n        fromStatus\n        toStatus\n        reason\n        key\n        params\n      }\n    }\n  }\n": typeof types.DecisionDetailsDocument,
    "\n  mutation RecordDecision($input: RecordDecisionInput!) {\n    recordDecision(input: $input) {\n      ...DecisionFields\n    }\n  }\n": typeof types.RecordDecisionDocument,
    "\n  mutation UpdateDecision($input: UpdateDecisionInput!) {\n    updateDecision(input: $input) {\n      ...DecisionFields\n    }\n  }\n": typeof types.UpdateDecisionDocument,
    "\n  mutation SetDecisionStatus($id: ID!, $status: DecisionStatus!, $reason: String!) {\n    setDecisionStatus(id: $id, status: $status, reason: $reason) {\n      ...DecisionFields\n    }\n  }\n": typeof types.SetDecisionStatusDocument,
    "\n  mutation DeleteDecision($id: ID!) {\n    deleteDecision(id: $id)\n  }\n": typeof types.DeleteDecisionDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      userId\n    }\n  }\n": typeof types.SignInDocument,
    "\n  mutation ClaimOwnership($input: ClaimOwnershipInput!) {\n    claimOwnership(input: $input) {\n      userId\n    }\n  }\n": typeof types.ClaimOwnershipDocument,
    "\n  query WhoIsIn {\n    viewer {\n      id\n    }\n  }\n": typeof types.WhoIsInDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input)\n  }\n": typeof types.ChangePasswordDocument,
    "\n  query RelatedMessage($id: ID!) {\n    message(id: $id) {\n      id\n      conversation {\n        id\n      }\n    }\n  }\n": typeof types.RelatedMessageDocument,
    "\n  fragment IntentFields on Intent {\n    id\n    project {\n      id\n    }\n    description\n    assignee\n    assigneeId\n    labels\n    recurrence\n    intentType\n    classification {\n      confidence\n      reason\n      key\n      params\n      classifier\n    }\n    status\n    priority\n    result\n    error\n    errorKey\n    errorParams\n    progress\n    version\n    attempts\n    maxAttempts\n    nextAttemptAt\n    dueAt\n    createdAt\n    updatedAt\n    sourceMessage {\n      id\n    }\n    conversation {\n      id\n      title\n    }\n    contradictions {\n      id\n      status\n    }\n  }\n": typeof types.IntentFieldsFragmentDoc,
    "\n  query IntentList(\n    $projectId: ID\n    $first: Int = 50\n    $after: String\n    $status: [IntentStatus!]\n    $intentType: [IntentType!]\n    $assignee: IntentAssignee\n    $labels: [String!]\n    $orderBy: IntentOrder\n  ) {\n    intents(\n      projectId: $projectId\n      first: $first\n      after: $after\n      status: $status\n      intentType: $intentType\n      assignee: $assignee\n      labels: $labels\n      orderBy: $orderBy\n    ) {\n      edges {\n        node {\n          ...IntentFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.IntentListDocument,
    "\n  query IntentTotal(\n    $projectId: ID\n    $status: [IntentStatus!]\n    $intentType: [IntentType!]\n    $assignee: IntentAssignee\n    $labels: [String!]\n  ) {\n    intents(\n      projectId: $projectId\n      first: 1\n      status: $status\n      intentType: $intentType\n      assignee: $assignee\n      labels: $labels\n    ) {\n      totalCount\n    }\n  }\n": typeof types.IntentTotalDocument,
    "\n  query ReadTask($text: String!, $timezone: String!) {\n    readTask(text: $text, timezone: $timezone) {\n      description\n      undated\n      dueAt\n      past\n      recurrence\n      labels\n      priority\n      assignee\n      reminder\n      unread\n    }\n  }\n": typeof types.ReadTaskDocument,
    "\n  query ConversationIntents($id: ID!) {\n    conversation(id: $id) {\n      id\n      intents(first: 100) {\n        edges {\n          node {\n            ...IntentFields\n          }\n        }\n      }\n    }\n  }\n": typeof types.ConversationIntentsDocument,
    "\n  query OneIntent($id: ID!) {\n    intent(id: $id) {\n      ...IntentFields\n    }\n  }\n": typeof types.OneIntentDocument,
    "\n  query IntentMetadata($id: ID!) {\n    intent(id: $id) {\n      id\n      metadata\n    }\n  }\n": typeof types.IntentMetadataDocument,
    "\n  query IntentHold($id: ID!) {\n    intent(id: $id) {\n      id\n      metadata\n      history {\n        toStatus\n        reason\n        key\n        params\n      }\n    }\n  }\n": typeof types.IntentHoldDocument,
    "\n  query RevisionsOfResult($id: ID!) {\n    specification(id: $id) {\n      id\n      revisions {\n        version\n        content\n      }\n    }\n  }\n": typeof types.RevisionsOfResultDocument,
    "\n  query IntentHistory($id: ID!) {\n    intent(id: $id) {\n      id\n      history {\n        fromStatus\n        toStatus\n        at\n        actor\n        reason\n        key\n        params\n      }\n    }\n  }\n": typeof types.IntentHistoryDocument,
    "\n  subscription IntentChanged($projectId: ID, $after: String) {\n    intentChanged(projectId: $projectId, after: $after) {\n      cursor\n      kind\n      intentId\n      intent {\n        ...IntentFields\n      }\n    }\n  }\n": typeof types.IntentChangedDocument,
    "\n  mutation CreateIntent($input: CreateIntentInput!) {\n    createIntent(input: $input) {\n      ...IntentFields\n    }\n  }\n": typeof types.CreateIntentDocument,
    "\n  mutation UpdateIntent($input: UpdateIntentInput!) {\n    updateIntent(input: $input) {\n      ...IntentFields\n    }\n  }\n": typeof types.UpdateIntentDocument,
    "\n  mutation ConfirmIntent($id: ID!) {\n    confirmIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": typeof types.ConfirmIntentDocument,
    "\n  mutation CancelIntent($id: ID!) {\n    cancelIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": typeof types.CancelIntentDocument,
    "\n  mutation RetryIntent($id: ID!) {\n    retryIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": typeof types.RetryIntentDocument,
    "\n  mutation StartIntent($id: ID!) {\n    startIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": typeof types.StartIntentDocument,
    "\n  mutation CompleteIntent($id: ID!, $note: String) {\n    completeIntent(id: $id, note: $note) {\n      ...IntentFields\n    }\n  }\n": typeof types.CompleteIntentDocument,
    "\n  mutation ReopenIntent($id: ID!) {\n    reopenIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": typeof types.ReopenIntentDocument,
    "\n  mutation DeleteIntent($id: ID!) {\n    deleteIntent(id: $id)\n  }\n": typeof types.DeleteIntentDocument,
    "\n  fragment MemoryFields on Memory {\n    id\n    project {\n      id\n    }\n    content\n    kind\n    importance\n    accessCount\n    lastAccessedAt\n    expiresAt\n    archived\n    tags\n    createdAt\n    reviewedAt\n    source {\n      ... on Node {\n        ...SubjectFields\n      }\n    }\n    supersededBy {\n      id\n    }\n  }\n": typeof types.MemoryFieldsFragmentDoc,
    "\n  query MemoryList($projectId: ID, $after: String, $kind: MemoryKind, $includeArchived: Boolean!) {\n    memories(projectId: $projectId, first: 50, after: $after, kind: $kind, includeArchived: $includeArchived) {\n      edges {\n        node {\n          ...MemoryFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MemoryListDocument,
    "\n  query MemoriesToReview($projectId: ID, $after: String) {\n    memories(projectId: $projectId, first: 100, after: $after, reviewed: false) {\n      edges {\n        node {\n          ...MemoryFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.MemoriesToReviewDocument,
    "\n  mutation KeepMemories($ids: [ID!]!, $kept: Boolean!) {\n    keepMemories(ids: $ids, kept: $kept) {\n      ...MemoryFields\n    }\n  }\n": typeof types.KeepMemoriesDocument,
    "\n  query OneMemory($id: ID!) {\n    node(id: $id) {\n      __typename\n      ...MemoryFields\n    }\n  }\n": typeof types.OneMemoryDocument,
    "\n  query SearchMemories($projectId: ID, $query: String!) {\n    search(projectId: $projectId, query: $query, kinds: [MEMORY], first: 30) {\n      node {\n        __typename\n        ...MemoryFields\n      }\n    }\n  }\n": typeof types.SearchMemoriesDocument,
    "\n  mutation SaveMemory($input: SaveMemoryInput!) {\n    saveMemory(input: $input) {\n      ...MemoryFields\n    }\n  }\n": typeof types.SaveMemoryDocument,
    "\n  mutation ArchiveMemory($id: ID!, $archived: Boolean!) {\n    archiveMemory(id: $id, archived: $archived) {\n      ...MemoryFields\n    }\n  }\n": typeof types.ArchiveMemoryDocument,
    "\n  mutation DeleteMemory($id: ID!) {\n    deleteMemory(id: $id)\n  }\n": typeof types.DeleteMemoryDocument,
    "\n  fragment NotificationFields on Notification {\n    id\n    title\n    message\n    key\n    params\n    notificationType\n    isRead\n    metadata\n    createdAt\n    project {\n      id\n      slug\n    }\n    intent {\n      id\n      assignee\n      intentType\n      status\n      conversation {\n        id\n      }\n    }\n    sourceMessage {\n      id\n      conversation {\n        id\n      }\n    }\n  }\n": typeof types.NotificationFieldsFragmentDoc,
    "\n  query NotificationList($projectId: ID, $after: String) {\n    notifications(projectId: $projectId, first: 30, after: $after) {\n      edges {\n        node {\n          ...NotificationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      unreadCount\n    }\n  }\n": typeof types.NotificationListDocument,
    "\n  subscription NotificationAdded($projectId: ID, $after: String) {\n    notificationAdded(projectId: $projectId, after: $after) {\n      cursor\n      notification {\n        ...NotificationFields\n      }\n      unreadCount\n    }\n  }\n": typeof types.NotificationAddedDocument,
    "\n  mutation MarkNotificationsRead($ids: [ID!]) {\n    markNotificationsRead(ids: $ids)\n  }\n": typeof types.MarkNotificationsReadDocument,
    "\n  query UnreadCount {\n    viewer {\n      id\n      unreadNotificationCount\n    }\n  }\n": typeof types.UnreadCountDocument,
    "\n  mutation CompleteDue($id: ID!) {\n    completeIntent(id: $id) {\n      id\n      status\n    }\n  }\n": typeof types.CompleteDueDocument,
    "\n  mutation SnoozeDue($id: ID!, $until: DateTime!) {\n    updateIntent(input: { id: $id, dueAt: $until }) {\n      id\n      dueAt\n    }\n  }\n": typeof types.SnoozeDueDocument,
    "\n  query ViewerTimezone {\n    viewer {\n      id\n      timezone\n    }\n  }\n": typeof types.ViewerTimezoneDocument,
    "\n  query Overview($projectId: ID, $days: Int!, $timezone: String!) {\n    overview(projectId: $projectId, days: $days, timezone: $timezone) {\n      start\n      end\n      messages\n      answers\n      completedIntents\n      failedIntents\n      answerSeconds\n      intentSeconds\n      inputTokens\n      cachedTokens\n      outputTokens\n      statuses {\n        status\n        count\n      }\n    }\n  }\n": typeof types.OverviewDocument,
    "\n  fragment ProjectFields on Project {\n    id\n    name\n    slug\n    description\n    repositories\n    archived\n    role\n    muted\n    members {\n      userId\n      userName\n      displayName\n      role\n      joinedAt\n    }\n    formerMembers {\n      userId\n      displayName\n    }\n    createdAt\n    updatedAt\n  }\n": typeof types.ProjectFieldsFragmentDoc,
    "\n  query ProjectList($after: String) {\n    viewer {\n      id\n      access\n      defaultProject {\n        id\n      }\n    }\n    projects(first: 100, after: $after, includeArchived: true) {\n      edges {\n        node {\n          ...ProjectFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ProjectListDocument,
    "\n  query OneProject($id: ID!) {\n    project(id: $id) {\n      ...ProjectFields\n    }\n  }\n": typeof types.OneProjectDocument,
    "\n  mutation SaveProject($input: SaveProjectInput!) {\n    saveProject(input: $input) {\n      ...ProjectFields\n    }\n  }\n": typeof types.SaveProjectDocument,
    "\n  mutation ArchiveProject($id: ID!, $archived: Boolean!) {\n    archiveProject(id: $id, archived: $archived) {\n      ...ProjectFields\n    }\n  }\n": typeof types.ArchiveProjectDocument,
    "\n  mutation DeleteProject($id: ID!) {\n    deleteProject(id: $id)\n  }\n": typeof types.DeleteProjectDocument,
    "\n  query ProjectState($id: ID!) {\n    open: intents(projectId: $id, status: [PENDING, PROCESSING, AWAITING_CONFIRMATION], orderBy: DUE, first: 6) {\n      totalCount\n      edges {\n        node {\n          id\n          description\n          dueAt\n        }\n      }\n    }\n    waiting: intents(projectId: $id, status: [AWAITING_CONFIRMATION], first: 1) {\n      totalCount\n    }\n    decisions(projectId: $id, status: [ACCEPTED], first: 6) {\n      edges {\n        node {\n          id\n          number\n          title\n          decidedAt\n          createdAt\n        }\n      }\n    }\n  }\n": typeof types.ProjectStateDocument,
    "\n  mutation CreateInvitation($projectId: ID!, $role: ProjectRole!) {\n    createInvitation(projectId: $projectId, role: $role) {\n      url\n      expiresAt\n    }\n  }\n": typeof types.CreateInvitationDocument,
    "\n  mutation AcceptInvitation($code: String!) {\n    acceptInvitation(code: $code) {\n      ...ProjectFields\n    }\n  }\n": typeof types.AcceptInvitationDocument,
    "\n  mutation SetProjectMember($projectId: ID!, $userName: String!, $role: ProjectRole) {\n    setProjectMember(projectId: $projectId, userName: $userName, role: $role) {\n      ...ProjectFields\n    }\n  }\n": typeof types.SetProjectMemberDocument,
    "\n  mutation LeaveProject($projectId: ID!, $userName: String!) {\n    setProjectMember(projectId: $projectId, userName: $userName) {\n      id\n    }\n  }\n": typeof types.LeaveProjectDocument,
    "\n  mutation MuteProject($id: ID!, $muted: Boolean!) {\n    muteProject(id: $id, muted: $muted) {\n      ...ProjectFields\n    }\n  }\n": typeof types.MuteProjectDocument,
    "\n  query SimilarIntents($id: ID!) {\n    intent(id: $id) {\n      id\n      similar(first: 5) {\n        node {\n          ... on Node {\n            ...SubjectFields\n          }\n        }\n      }\n    }\n  }\n": typeof types.SimilarIntentsDocument,
    "\n  query SearchEverything($projectId: ID, $query: String!, $kinds: [SearchKind!]) {\n    search(projectId: $projectId, query: $query, kinds: $kinds, first: 20) {\n      ...HitFields\n      reasons\n      also {\n        ...HitFields\n      }\n    }\n  }\n\n  fragment HitFields on SearchHit {\n    snippet\n    occurredAt\n    rating\n    node {\n      ... on Node {\n        ...SubjectFields\n      }\n      ... on Decision {\n        validUntil\n      }\n    }\n  }\n": typeof types.SearchEverythingDocument,
    "\n  mutation RateSearchHit($input: RateSearchHitInput!) {\n    rateSearchHit(input: $input)\n  }\n": typeof types.RateSearchHitDocument,
    "\n  mutation ForgetMemory($id: ID!) {\n    deleteMemory(id: $id)\n  }\n": typeof types.ForgetMemoryDocument,
    "\n  query ViewerSettings {\n    viewer {\n      id\n      displayName\n      role\n      access\n      timezone\n      chosenTimezone\n      availableModels\n      assistant {\n        name\n        model\n        offline\n      }\n    }\n  }\n": typeof types.ViewerSettingsDocument,
    "\n  mutation ReportDeviceZone($zone: String!) {\n    updateViewer(input: { deviceTimezone: $zone }) {\n      id\n      timezone\n    }\n  }\n": typeof types.ReportDeviceZoneDocument,
    "\n  mutation ChooseZone($zone: String, $device: String, $follow: Boolean!) {\n    updateViewer(input: { timezone: $zone, deviceTimezone: $device, followDevice: $follow }) {\n      id\n      timezone\n      chosenTimezone\n    }\n  }\n": typeof types.ChooseZoneDocument,
    "\n  mutation SignOut {\n    signOut\n  }\n": typeof types.SignOutDocument,
    "\n  fragment ModelConfigurationFields on ModelConfiguration {\n    model\n    baseUrl\n    hasKey\n    furtherModels\n    fromEnvironment\n  }\n": typeof types.ModelConfigurationFieldsFragmentDoc,
    "\n  query ModelSettings {\n    modelConfiguration {\n      ...ModelConfigurationFields\n    }\n  }\n": typeof types.ModelSettingsDocument,
    "\n  mutation SaveModel($input: ModelConfigurationInput!) {\n    saveModelConfiguration(input: $input) {\n      ...ModelConfigurationFields\n    }\n  }\n": typeof types.SaveModelDocument,
    "\n  mutation RemoveModel {\n    removeModelConfiguration {\n      ...ModelConfigurationFields\n    }\n  }\n": typeof types.RemoveModelDocument,
    "\n  mutation TestModel($input: ModelConfigurationInput!) {\n    testModelConfiguration(input: $input)\n  }\n": typeof types.TestModelDocument,
    "\n  fragment SpecificationFields on Specification {\n    id\n    project {\n      id\n    }\n    title\n    content\n    version\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n": typeof types.SpecificationFieldsFragmentDoc,
    "\n  query SpecificationList($projectId: ID, $after: String, $status: [SpecificationStatus!]) {\n    specifications(projectId: $projectId, first: 50, after: $after, status: $status) {\n      edges {\n        node {\n          ...SpecificationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SpecificationListDocument,
    "\n  query OneSpecification($id: ID!) {\n    specification(id: $id) {\n      ...SpecificationFields\n    }\n  }\n": typeof types.OneSpecificationDocument,
    "\n  query SpecificationRevisions($id: ID!) {\n    specification(id: $id) {\n      id\n      revisions {\n        version\n        title\n        content\n        status\n        author\n        createdAt\n      }\n    }\n  }\n": typeof types.SpecificationRevisionsDocument,
    "\n  mutation SaveSpecification($input: SaveSpecificationInput!) {\n    saveSpecification(input: $input) {\n      ...SpecificationFields\n    }\n  }\n": typeof types.SaveSpecificationDocument,
    "\n  mutation RestoreSpecification($id: ID!, $version: Int!) {\n    restoreSpecification(id: $id, version: $version) {\n      ...SpecificationFields\n    }\n  }\n": typeof types.RestoreSpecificationDocument,
    "\n  mutation DeleteSpecification($id: ID!) {\n    deleteSpecification(id: $id)\n  }\n": typeof types.DeleteSpecificationDocument,
    "\n  fragment TokenFields on Token {\n    id\n    name\n    hint\n    createdAt\n    lastUsedAt\n    expiresAt\n    readOnly\n    oneProject\n    project {\n      id\n      name\n    }\n  }\n": typeof types.TokenFieldsFragmentDoc,
    "\n  query TokenList($after: String) {\n    tokens(first: 100, after: $after) {\n      edges {\n        node {\n          ...TokenFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.TokenListDocument,
    "\n  mutation CreateToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      secret\n      token {\n        ...TokenFields\n      }\n    }\n  }\n": typeof types.CreateTokenDocument,
    "\n  mutation RevokeToken($id: ID!) {\n    revokeToken(id: $id) {\n      id\n    }\n  }\n": typeof types.RevokeTokenDocument,
    "\n  query Trace($id: ID!) {\n    trace(id: $id) {\n      kind\n      subjectId\n      causedBy\n      payload\n      createdAt\n    }\n  }\n": typeof types.TraceDocument,
    "\n  query TracedSubject($id: ID!) {\n    node(id: $id) {\n      ...SubjectFields\n    }\n  }\n": typeof types.TracedSubjectDocument,
    "\n  query Trash($projectId: ID, $after: String) {\n    trash(projectId: $projectId, first: 50, after: $after) {\n      edges {\n        deletedAt\n        deletedBy\n        node {\n          id\n          ...SubjectFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.TrashDocument,
    "\n  fragment WebhookFields on Webhook {\n    id\n    url\n    description\n    kinds\n    enabled\n    disabledReason\n    disabledReasonKey\n    failingSince\n    lastAttemptAt\n    nextAttemptAt\n    pendingCount\n    deadCount\n  }\n": typeof types.WebhookFieldsFragmentDoc,
    "\n  fragment DeliveryFields on WebhookDelivery {\n    id\n    type\n    occurredAt\n    status\n    attempts\n    nextAttemptAt\n    lastAttemptAt\n    httpStatus\n    error\n    errorKey\n    errorParams\n  }\n": typeof types.DeliveryFieldsFragmentDoc,
    "\n  query WebhookList($projectId: ID!) {\n    webhooks(projectId: $projectId) {\n      ...WebhookFields\n    }\n  }\n": typeof types.WebhookListDocument,
    "\n  query WebhookDeliveries($projectId: ID!, $status: DeliveryStatus, $first: Int!) {\n    webhooks(projectId: $projectId) {\n      id\n      deliveries(status: $status, first: $first) {\n        edges {\n          node {\n            ...DeliveryFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": typeof types.WebhookDeliveriesDocument,
    "\n  mutation SaveWebhook($input: SaveWebhookInput!) {\n    saveWebhook(input: $input) {\n      secret\n      webhook {\n        ...WebhookFields\n      }\n    }\n  }\n": typeof types.SaveWebhookDocument,
    "\n  mutation DeleteWebhook($id: ID!) {\n    deleteWebhook(id: $id)\n  }\n": typeof types.DeleteWebhookDocument,
    "\n  mutation RotateWebhookSecret($id: ID!) {\n    rotateWebhookSecret(id: $id)\n  }\n": typeof types.RotateWebhookSecretDocument,
    "\n  mutation SendTestWebhook($id: ID!) {\n    sendTestWebhook(id: $id) {\n      id\n    }\n  }\n": typeof types.SendTestWebhookDocument,
    "\n  mutation ReplayWebhookDeliveries($id: ID!, $deliveryIds: [ID!]) {\n    replayWebhookDeliveries(id: $id, deliveryIds: $deliveryIds)\n  }\n": typeof types.ReplayWebhookDeliveriesDocument,
    "\n  query LatestCursor {\n    latestCursor\n  }\n": typeof types.LatestCursorDocument,
    "\n  subscription EventAppended($projectId: ID, $kinds: [EventKind!], $after: String) {\n    eventAppended(projectId: $projectId, kinds: $kinds, after: $after) {\n      cursor\n      kind\n      subjectId\n      causedBy\n      payload\n      createdAt\n    }\n  }\n": typeof types.EventAppendedDocument,
    "\n  query ReversalPreview($id: ID!) {\n    previewReversalNotice(decisionId: $id) {\n      text\n      key\n      params\n    }\n    previewReversal(decisionId: $id) {\n      reason\n      key\n      params\n      node {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n  }\n": typeof types.ReversalPreviewDocument,
    "\n  fragment SubjectFields on Node {\n    __typename\n    ... on Conversation {\n      id\n      project {\n        id\n        slug\n      }\n      title\n    }\n    ... on Message {\n      id\n      content\n      messageType\n      conversation {\n        id\n        project {\n          id\n          slug\n        }\n      }\n    }\n    ... on Intent {\n      id\n      project {\n        id\n        slug\n      }\n      description\n      status\n    }\n    ... on Notification {\n      id\n      title\n      message\n      key\n      params\n    }\n    ... on Specification {\n      id\n      project {\n        id\n        slug\n      }\n      title\n    }\n    ... on Decision {\n      id\n      project {\n        id\n        slug\n      }\n      number\n      title\n      decisionStatus: status\n    }\n    ... on Memory {\n      id\n      content\n      # Null when it is about the person; fields of one name may not differ in that.\n      memoryProject: project {\n        id\n        slug\n      }\n    }\n    ... on Project {\n      id\n      name\n      slug\n    }\n    ... on Contradiction {\n      id\n      explanation\n      key\n      params\n      intent {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      decision {\n        id\n        project {\n          id\n          slug\n        }\n      }\n    }\n  }\n": typeof types.SubjectFieldsFragmentDoc,
};
const documents: Documents = {
    "\n  mutation UndoReplacement($id: ID!, $reason: String!) {\n    setDecisionStatus(id: $id, status: ACCEPTED, reason: $reason) {\n      id\n      status\n    }\n  }\n": types.UndoReplacementDocument,
    "\n  fragment CitationFields on Citation {\n    number\n    kind\n    text {\n      title\n      excerpt\n      recordedAt\n    }\n    record {\n      __typename\n      ... on Decision {\n        id\n        status\n        project {\n          id\n          slug\n        }\n      }\n      ... on Intent {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      ... on Specification {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      ... on Memory {\n        id\n        # Null when it is about the person; fields of one name may not differ in that.\n        memoryProject: project {\n          id\n          slug\n        }\n      }\n      ... on Message {\n        id\n        conversation {\n          id\n          project {\n            id\n            slug\n          }\n        }\n      }\n    }\n  }\n": types.CitationFieldsFragmentDoc,
    "\n  mutation MoveToProject($ids: [ID!]!, $projectId: ID!) {\n    moveToProject(ids: $ids, projectId: $projectId)\n  }\n": types.MoveToProjectDocument,
    "\n  query ReplacedDecision($id: ID!) {\n    decision(id: $id) {\n      id\n      number\n      title\n      project {\n        id\n      }\n      supersededBy {\n        id\n        number\n        title\n      }\n    }\n  }\n": types.ReplacedDecisionDocument,
    "\n  mutation CreateReview($input: CreateIntentInput!) {\n    createIntent(input: $input) {\n      id\n    }\n  }\n": types.CreateReviewDocument,
    "\n  mutation RestoreRecord($id: ID!) {\n    restore(id: $id) {\n      __typename\n      id\n    }\n  }\n": types.RestoreRecordDocument,
    "\n  fragment ActionFields on Action {\n    id\n    project {\n      id\n    }\n    tool\n    arguments\n    summary\n    key\n    params\n    status\n    actor\n    reason\n    reasonKey\n    reasonParams\n    undoable\n    createdAt\n    updatedAt\n    message {\n      id\n    }\n    subject {\n      id\n      ...SubjectFields\n    }\n    candidates {\n      ... on Node {\n        id\n        ...SubjectFields\n      }\n      ... on Intent {\n        dueAt\n      }\n    }\n  }\n": types.ActionFieldsFragmentDoc,
    "\n  query ActionList($projectId: ID, $after: String) {\n    actions(projectId: $projectId, first: 20, after: $after) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ActionListDocument,
    "\n  query ProposedActionList($projectId: ID) {\n    actions(projectId: $projectId, first: 50, status: [PROPOSED]) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n    }\n  }\n": types.ProposedActionListDocument,
    "\n  query ActionsOfAgent($agentId: ID!, $after: String) {\n    actions(agentId: $agentId, first: 20, after: $after) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ActionsOfAgentDocument,
    "\n  query ConversationActions($id: ID!) {\n    conversation(id: $id) {\n      id\n      messages(last: 50) {\n        edges {\n          node {\n            id\n            actions {\n              id\n            }\n          }\n        }\n      }\n    }\n  }\n": types.ConversationActionsDocument,
    "\n  query ActionsOfOtherVersions($messageId: ID!) {\n    message(id: $messageId) {\n      id\n      actionsOfOtherVersions {\n        id\n        undoable\n      }\n    }\n  }\n": types.ActionsOfOtherVersionsDocument,
    "\n  query OneAction($id: ID!) {\n    node(id: $id) {\n      id\n      ...ActionFields\n    }\n  }\n": types.OneActionDocument,
    "\n  mutation AcceptAction($id: ID!, $arguments: JSON) {\n    acceptAction(id: $id, arguments: $arguments) {\n      ...ActionFields\n    }\n  }\n": types.AcceptActionDocument,
    "\n  mutation DismissAction($id: ID!) {\n    dismissAction(id: $id) {\n      ...ActionFields\n    }\n  }\n": types.DismissActionDocument,
    "\n  mutation UndoAction($id: ID!) {\n    undoAction(id: $id) {\n      ...ActionFields\n    }\n  }\n": types.UndoActionDocument,
    "\n  fragment AgentFields on Agent {\n    id\n    name\n    firstUsedAt\n    lastUsedAt\n    actionCount\n    oneProject\n    project {\n      id\n      name\n    }\n    usedToken\n    token {\n      id\n      name\n      hint\n      readOnly\n    }\n  }\n": types.AgentFieldsFragmentDoc,
    "\n  query AgentList($after: String) {\n    agents(first: 20, after: $after) {\n      edges {\n        node {\n          ...AgentFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AgentListDocument,
    "\n  mutation CreateAgentToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      secret\n      token {\n        id\n      }\n    }\n  }\n": types.CreateAgentTokenDocument,
    "\n  mutation RevokeAgentToken($id: ID!) {\n    revokeToken(id: $id) {\n      id\n    }\n  }\n": types.RevokeAgentTokenDocument,
    "\n  query AuditTrail($kinds: [SecurityEventKind!], $after: String) {\n    securityEvents(kinds: $kinds, first: 25, after: $after) {\n      edges {\n        node {\n          id\n          kind\n          userId\n          userName\n          actor\n          actorName\n          address\n          detail\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AuditTrailDocument,
    "\n  fragment MessageFields on Message {\n    id\n    userId\n    content\n    messageType\n    status\n    error\n    errorKey\n    errorParams\n    metadata\n    createdAt\n    updatedAt\n    shown\n    citations {\n      ...CitationFields\n    }\n    versions {\n      id\n    }\n    replyTo {\n      id\n    }\n    conversation {\n      id\n    }\n    attachments {\n      id\n      name\n      mediaType\n      size\n      url\n      thumbnailUrl\n    }\n  }\n": types.MessageFieldsFragmentDoc,
    "\n  query ConversationMessages($id: ID!, $before: String) {\n    conversation(id: $id) {\n      id\n      messages(last: 50, before: $before) {\n        edges {\n          node {\n            ...MessageFields\n          }\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n": types.ConversationMessagesDocument,
    "\n  subscription MessageChanged($conversationId: ID!, $after: String) {\n    messageChanged(conversationId: $conversationId, after: $after) {\n      cursor\n      kind\n      messageId\n      message {\n        ...MessageFields\n      }\n    }\n  }\n": types.MessageChangedDocument,
    "\n  subscription ReplyStreamed($messageId: ID!, $fromOffset: Int!) {\n    replyStreamed(messageId: $messageId, fromOffset: $fromOffset) {\n      offset\n      text\n      status\n    }\n  }\n": types.ReplyStreamedDocument,
    "\n  mutation SendMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        ...MessageFields\n      }\n      reply {\n        ...MessageFields\n      }\n    }\n  }\n": types.SendMessageDocument,
    "\n  mutation StopReply($messageId: ID!) {\n    stopReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n": types.StopReplyDocument,
    "\n  mutation RegenerateReply($messageId: ID!) {\n    regenerateReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n": types.RegenerateReplyDocument,
    "\n  mutation ContinueReply($messageId: ID!) {\n    continueReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n": types.ContinueReplyDocument,
    "\n  mutation EditMessage($id: ID!, $content: String!) {\n    editMessage(id: $id, content: $content) {\n      message {\n        ...MessageFields\n      }\n      reply {\n        ...MessageFields\n      }\n    }\n  }\n": types.EditMessageDocument,
    "\n  mutation SelectVersion($messageId: ID!) {\n    selectVersion(messageId: $messageId) {\n      id\n    }\n  }\n": types.SelectVersionDocument,
    "\n  query MessageShown($id: ID!) {\n    message(id: $id) {\n      id\n      shown\n      conversation {\n        id\n      }\n    }\n  }\n": types.MessageShownDocument,
    "\n  mutation DeleteMessage($id: ID!) {\n    deleteMessage(id: $id)\n  }\n": types.DeleteMessageDocument,
    "\n  query CodeSessionsOfIntent($id: ID!) {\n    intent(id: $id) {\n      id\n      codeSessions {\n        id\n        status\n        startedAt\n        totalDurationSeconds\n        errorMessage\n        errorKey\n        errorParams\n        executions {\n          executionOrder\n          toolName\n          input\n          output\n          success\n          errorMessage\n          errorKey\n          errorParams\n          durationMs\n        }\n      }\n    }\n  }\n": types.CodeSessionsOfIntentDocument,
    "\n  fragment ContextFields on AssembledContext {\n    tokenCount\n    tokenBudget\n    droppedLayers\n    failedLayers\n    layers {\n      layer\n      retrieved\n      injected\n      cited\n    }\n    leftOut {\n      layer\n      score\n      reason\n      source {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n    assembledInMs\n    items {\n      layer\n      text\n      tokenCount\n      score\n      reason\n      key\n      params\n      number\n      cited\n      source {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n  }\n": types.ContextFieldsFragmentDoc,
    "\n  query ReplyContext($id: ID!) {\n    message(id: $id) {\n      id\n      context {\n        ...ContextFields\n      }\n    }\n  }\n": types.ReplyContextDocument,
    "\n  query IntentContext($id: ID!) {\n    intent(id: $id) {\n      id\n      context {\n        ...ContextFields\n      }\n    }\n  }\n": types.IntentContextDocument,
    "\n  query PreviewContext($projectId: ID, $content: String!, $conversationId: ID) {\n    previewContext(projectId: $projectId, content: $content, conversationId: $conversationId) {\n      ...ContextFields\n    }\n  }\n": types.PreviewContextDocument,
    "\n  fragment ContradictionFields on Contradiction {\n    id\n    kind\n    confidence\n    explanation\n    key\n    params\n    judge\n    status\n    rationale\n    rationaleKey\n    rationaleParams\n    createdAt\n    resolvedAt\n    intent {\n      id\n      status\n    }\n    conflictsWith {\n      ...SubjectFields\n    }\n    conflictsWithDecision {\n      ...SubjectFields\n      id\n      kind\n      topic\n      chosen {\n        id\n        label\n      }\n      supersededBy {\n        id\n        status\n      }\n    }\n    conflictsWithSpecification {\n      ...SubjectFields\n    }\n  }\n": types.ContradictionFieldsFragmentDoc,
    "\n  query IntentContradictions($id: ID!) {\n    intent(id: $id) {\n      id\n      contradictions {\n        ...ContradictionFields\n      }\n    }\n  }\n": types.IntentContradictionsDocument,
    "\n  query DecisionContradictions($id: ID!) {\n    decision(id: $id) {\n      id\n      contradictions {\n        ...ContradictionFields\n      }\n    }\n  }\n": types.DecisionContradictionsDocument,
    "\n  mutation ResolveContradiction($input: ResolveContradictionInput!) {\n    resolveContradiction(input: $input) {\n      ...ContradictionFields\n    }\n  }\n": types.ResolveContradictionDocument,
    "\n  fragment ConversationFields on Conversation {\n    id\n    project {\n      id\n    }\n    title\n    archived\n    model\n    authorId\n    visibility\n    createdAt\n    updatedAt\n  }\n": types.ConversationFieldsFragmentDoc,
    "\n  query ConversationList($projectId: ID, $after: String, $includeArchived: Boolean!) {\n    conversations(projectId: $projectId, first: 50, after: $after, includeArchived: $includeArchived) {\n      edges {\n        node {\n          ...ConversationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConversationListDocument,
    "\n  query OneConversation($id: ID!) {\n    conversation(id: $id) {\n      ...ConversationFields\n    }\n  }\n": types.OneConversationDocument,
    "\n  subscription ConversationActivity($projectId: ID, $after: String) {\n    messageChanged(projectId: $projectId, after: $after) {\n      cursor\n      message {\n        id\n        conversation {\n          ...ConversationFields\n        }\n      }\n    }\n  }\n": types.ConversationActivityDocument,
    "\n  mutation RenameConversation($id: ID!, $title: String!) {\n    renameConversation(id: $id, title: $title) {\n      ...ConversationFields\n    }\n  }\n": types.RenameConversationDocument,
    "\n  mutation ChooseModel($id: ID!, $model: String) {\n    updateConversation(input: { id: $id, model: $model }) {\n      ...ConversationFields\n    }\n  }\n": types.ChooseModelDocument,
    "\n  mutation SetVisibility($id: ID!, $visibility: Visibility!) {\n    updateConversation(input: { id: $id, visibility: $visibility }) {\n      ...ConversationFields\n    }\n  }\n": types.SetVisibilityDocument,
    "\n  mutation ArchiveConversation($id: ID!, $archived: Boolean!) {\n    archiveConversation(id: $id, archived: $archived) {\n      ...ConversationFields\n    }\n  }\n": types.ArchiveConversationDocument,
    "\n  mutation DeleteConversation($id: ID!) {\n    deleteConversation(id: $id)\n  }\n": types.DeleteConversationDocument,
    "\n  query ExportedMessages($id: ID!, $after: String) {\n    conversation(id: $id) {\n      id\n      messages(first: 100, after: $after, allVersions: true) {\n        edges {\n          node {\n            id\n            messageType\n            status\n            content\n            createdAt\n            shown\n            replyTo {\n              id\n            }\n            branchOf {\n              id\n            }\n            citations {\n              number\n              kind\n              text {\n                title\n                recordedAt\n              }\n              record {\n                ... on Node {\n                  id\n                }\n              }\n            }\n            versions {\n              id\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ExportedMessagesDocument,
    "\n  fragment DecisionFields on Decision {\n    id\n    project {\n      id\n    }\n    number\n    title\n    kind\n    topic\n    context\n    options {\n      id\n      label\n      rejectionReason\n    }\n    chosen {\n      id\n      label\n    }\n    value\n    rationale\n    consequences\n    status\n    version\n    tags\n    decidedAt\n    validUntil\n    createdAt\n    updatedAt\n    supersededBy {\n      id\n      number\n      title\n      status\n    }\n    supersedes {\n      id\n      number\n      title\n      status\n    }\n    conversation {\n      id\n      title\n    }\n    intent {\n      id\n      description\n    }\n    contradictions {\n      id\n      status\n    }\n  }\n": types.DecisionFieldsFragmentDoc,
    "\n  query DecisionList($projectId: ID, $after: String, $status: [DecisionStatus!]) {\n    decisions(projectId: $projectId, first: 50, after: $after, status: $status) {\n      edges {\n        node {\n          ...DecisionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DecisionListDocument,
    "\n  query OneDecision($id: ID!) {\n    decision(id: $id) {\n      ...DecisionFields\n    }\n  }\n": types.OneDecisionDocument,
    "\n  query DecisionDetails($id: ID!) {\n    decision(id: $id) {\n      id\n      sources {\n        ...SubjectFields\n      }\n      history {\n        at\n        actor\n        fromStatus\n        toStatus\n        reason\n        key\n        params\n      }\n    }\n  }\n": types.DecisionDetailsDocument,
    "\n  mutation RecordDecision($input: RecordDecisionInput!) {\n    recordDecision(input: $input) {\n      ...DecisionFields\n    }\n  }\n": types.RecordDecisionDocument,
    "\n  mutation UpdateDecision($input: UpdateDecisionInput!) {\n    updateDecision(input: $input) {\n      ...DecisionFields\n    }\n  }\n": types.UpdateDecisionDocument,
    "\n  mutation SetDecisionStatus($id: ID!, $status: DecisionStatus!, $reason: String!) {\n    setDecisionStatus(id: $id, status: $status, reason: $reason) {\n      ...DecisionFields\n    }\n  }\n": types.SetDecisionStatusDocument,
    "\n  mutation DeleteDecision($id: ID!) {\n    deleteDecision(id: $id)\n  }\n": types.DeleteDecisionDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      userId\n    }\n  }\n": types.SignInDocument,
    "\n  mutation ClaimOwnership($input: ClaimOwnershipInput!) {\n    claimOwnership(input: $input) {\n      userId\n    }\n  }\n": types.ClaimOwnershipDocument,
    "\n  query WhoIsIn {\n    viewer {\n      id\n    }\n  }\n": types.WhoIsInDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input)\n  }\n": types.ChangePasswordDocument,
    "\n  query RelatedMessage($id: ID!) {\n    message(id: $id) {\n      id\n      conversation {\n        id\n      }\n    }\n  }\n": types.RelatedMessageDocument,
    "\n  fragment IntentFields on Intent {\n    id\n    project {\n      id\n    }\n    description\n    assignee\n    assigneeId\n    labels\n    recurrence\n    intentType\n    classification {\n      confidence\n      reason\n      key\n      params\n      classifier\n    }\n    status\n    priority\n    result\n    error\n    errorKey\n    errorParams\n    progress\n    version\n    attempts\n    maxAttempts\n    nextAttemptAt\n    dueAt\n    createdAt\n    updatedAt\n    sourceMessage {\n      id\n    }\n    conversation {\n      id\n      title\n    }\n    contradictions {\n      id\n      status\n    }\n  }\n": types.IntentFieldsFragmentDoc,
    "\n  query IntentList(\n    $projectId: ID\n    $first: Int = 50\n    $after: String\n    $status: [IntentStatus!]\n    $intentType: [IntentType!]\n    $assignee: IntentAssignee\n    $labels: [String!]\n    $orderBy: IntentOrder\n  ) {\n    intents(\n      projectId: $projectId\n      first: $first\n      after: $after\n      status: $status\n      intentType: $intentType\n      assignee: $assignee\n      labels: $labels\n      orderBy: $orderBy\n    ) {\n      edges {\n        node {\n          ...IntentFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.IntentListDocument,
    "\n  query IntentTotal(\n    $projectId: ID\n    $status: [IntentStatus!]\n    $intentType: [IntentType!]\n    $assignee: IntentAssignee\n    $labels: [String!]\n  ) {\n    intents(\n      projectId: $projectId\n      first: 1\n      status: $status\n      intentType: $intentType\n      assignee: $assignee\n      labels: $labels\n    ) {\n      totalCount\n    }\n  }\n": types.IntentTotalDocument,
    "\n  query ReadTask($text: String!, $timezone: String!) {\n    readTask(text: $text, timezone: $timezone) {\n      description\n      undated\n      dueAt\n      past\n      recurrence\n      labels\n      priority\n      assignee\n      reminder\n      unread\n    }\n  }\n": types.ReadTaskDocument,
    "\n  query ConversationIntents($id: ID!) {\n    conversation(id: $id) {\n      id\n      intents(first: 100) {\n        edges {\n          node {\n            ...IntentFields\n          }\n        }\n      }\n    }\n  }\n": types.ConversationIntentsDocument,
    "\n  query OneIntent($id: ID!) {\n    intent(id: $id) {\n      ...IntentFields\n    }\n  }\n": types.OneIntentDocument,
    "\n  query IntentMetadata($id: ID!) {\n    intent(id: $id) {\n      id\n      metadata\n    }\n  }\n": types.IntentMetadataDocument,
    "\n  query IntentHold($id: ID!) {\n    intent(id: $id) {\n      id\n      metadata\n      history {\n        toStatus\n        reason\n        key\n        params\n      }\n    }\n  }\n": types.IntentHoldDocument,
    "\n  query RevisionsOfResult($id: ID!) {\n    specification(id: $id) {\n      id\n      revisions {\n        version\n        content\n      }\n    }\n  }\n": types.RevisionsOfResultDocument,
    "\n  query IntentHistory($id: ID!) {\n    intent(id: $id) {\n      id\n      history {\n        fromStatus\n        toStatus\n        at\n        actor\n        reason\n        key\n        params\n      }\n    }\n  }\n": types.IntentHistoryDocument,
    "\n  subscription IntentChanged($projectId: ID, $after: String) {\n    intentChanged(projectId: $projectId, after: $after) {\n      cursor\n      kind\n      intentId\n      intent {\n        ...IntentFields\n      }\n    }\n  }\n": types.IntentChangedDocument,
    "\n  mutation CreateIntent($input: CreateIntentInput!) {\n    createIntent(input: $input) {\n      ...IntentFields\n    }\n  }\n": types.CreateIntentDocument,
    "\n  mutation UpdateIntent($input: UpdateIntentInput!) {\n    updateIntent(input: $input) {\n      ...IntentFields\n    }\n  }\n": types.UpdateIntentDocument,
    "\n  mutation ConfirmIntent($id: ID!) {\n    confirmIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": types.ConfirmIntentDocument,
    "\n  mutation CancelIntent($id: ID!) {\n    cancelIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": types.CancelIntentDocument,
    "\n  mutation RetryIntent($id: ID!) {\n    retryIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": types.RetryIntentDocument,
    "\n  mutation StartIntent($id: ID!) {\n    startIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": types.StartIntentDocument,
    "\n  mutation CompleteIntent($id: ID!, $note: String) {\n    completeIntent(id: $id, note: $note) {\n      ...IntentFields\n    }\n  }\n": types.CompleteIntentDocument,
    "\n  mutation ReopenIntent($id: ID!) {\n    reopenIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n": types.ReopenIntentDocument,
    "\n  mutation DeleteIntent($id: ID!) {\n    deleteIntent(id: $id)\n  }\n": types.DeleteIntentDocument,
    "\n  fragment MemoryFields on Memory {\n    id\n    project {\n      id\n    }\n    content\n    kind\n    importance\n    accessCount\n    lastAccessedAt\n    expiresAt\n    archived\n    tags\n    createdAt\n    reviewedAt\n    source {\n      ... on Node {\n        ...SubjectFields\n      }\n    }\n    supersededBy {\n      id\n    }\n  }\n": types.MemoryFieldsFragmentDoc,
    "\n  query MemoryList($projectId: ID, $after: String, $kind: MemoryKind, $includeArchived: Boolean!) {\n    memories(projectId: $projectId, first: 50, after: $after, kind: $kind, includeArchived: $includeArchived) {\n      edges {\n        node {\n          ...MemoryFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MemoryListDocument,
    "\n  query MemoriesToReview($projectId: ID, $after: String) {\n    memories(projectId: $projectId, first: 100, after: $after, reviewed: false) {\n      edges {\n        node {\n          ...MemoryFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.MemoriesToReviewDocument,
    "\n  mutation KeepMemories($ids: [ID!]!, $kept: Boolean!) {\n    keepMemories(ids: $ids, kept: $kept) {\n      ...MemoryFields\n    }\n  }\n": types.KeepMemoriesDocument,
    "\n  query OneMemory($id: ID!) {\n    node(id: $id) {\n      __typename\n      ...MemoryFields\n    }\n  }\n": types.OneMemoryDocument,
    "\n  query SearchMemories($projectId: ID, $query: String!) {\n    search(projectId: $projectId, query: $query, kinds: [MEMORY], first: 30) {\n      node {\n        __typename\n        ...MemoryFields\n      }\n    }\n  }\n": types.SearchMemoriesDocument,
    "\n  mutation SaveMemory($input: SaveMemoryInput!) {\n    saveMemory(input: $input) {\n      ...MemoryFields\n    }\n  }\n": types.SaveMemoryDocument,
    "\n  mutation ArchiveMemory($id: ID!, $archived: Boolean!) {\n    archiveMemory(id: $id, archived: $archived) {\n      ...MemoryFields\n    }\n  }\n": types.ArchiveMemoryDocument,
    "\n  mutation DeleteMemory($id: ID!) {\n    deleteMemory(id: $id)\n  }\n": types.DeleteMemoryDocument,
    "\n  fragment NotificationFields on Notification {\n    id\n    title\n    message\n    key\n    params\n    notificationType\n    isRead\n    metadata\n    createdAt\n    project {\n      id\n      slug\n    }\n    intent {\n      id\n      assignee\n      intentType\n      status\n      conversation {\n        id\n      }\n    }\n    sourceMessage {\n      id\n      conversation {\n        id\n      }\n    }\n  }\n": types.NotificationFieldsFragmentDoc,
    "\n  query NotificationList($projectId: ID, $after: String) {\n    notifications(projectId: $projectId, first: 30, after: $after) {\n      edges {\n        node {\n          ...NotificationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      unreadCount\n    }\n  }\n": types.NotificationListDocument,
    "\n  subscription NotificationAdded($projectId: ID, $after: String) {\n    notificationAdded(projectId: $projectId, after: $after) {\n      cursor\n      notification {\n        ...NotificationFields\n      }\n      unreadCount\n    }\n  }\n": types.NotificationAddedDocument,
    "\n  mutation MarkNotificationsRead($ids: [ID!]) {\n    markNotificationsRead(ids: $ids)\n  }\n": types.MarkNotificationsReadDocument,
    "\n  query UnreadCount {\n    viewer {\n      id\n      unreadNotificationCount\n    }\n  }\n": types.UnreadCountDocument,
    "\n  mutation CompleteDue($id: ID!) {\n    completeIntent(id: $id) {\n      id\n      status\n    }\n  }\n": types.CompleteDueDocument,
    "\n  mutation SnoozeDue($id: ID!, $until: DateTime!) {\n    updateIntent(input: { id: $id, dueAt: $until }) {\n      id\n      dueAt\n    }\n  }\n": types.SnoozeDueDocument,
    "\n  query ViewerTimezone {\n    viewer {\n      id\n      timezone\n    }\n  }\n": types.ViewerTimezoneDocument,
    "\n  query Overview($projectId: ID, $days: Int!, $timezone: String!) {\n    overview(projectId: $projectId, days: $days, timezone: $timezone) {\n      start\n      end\n      messages\n      answers\n      completedIntents\n      failedIntents\n      answerSeconds\n      intentSeconds\n      inputTokens\n      cachedTokens\n      outputTokens\n      statuses {\n        status\n        count\n      }\n    }\n  }\n": types.OverviewDocument,
    "\n  fragment ProjectFields on Project {\n    id\n    name\n    slug\n    description\n    repositories\n    archived\n    role\n    muted\n    members {\n      userId\n      userName\n      displayName\n      role\n      joinedAt\n    }\n    formerMembers {\n      userId\n      displayName\n    }\n    createdAt\n    updatedAt\n  }\n": types.ProjectFieldsFragmentDoc,
    "\n  query ProjectList($after: String) {\n    viewer {\n      id\n      access\n      defaultProject {\n        id\n      }\n    }\n    projects(first: 100, after: $after, includeArchived: true) {\n      edges {\n        node {\n          ...ProjectFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ProjectListDocument,
    "\n  query OneProject($id: ID!) {\n    project(id: $id) {\n      ...ProjectFields\n    }\n  }\n": types.OneProjectDocument,
    "\n  mutation SaveProject($input: SaveProjectInput!) {\n    saveProject(input: $input) {\n      ...ProjectFields\n    }\n  }\n": types.SaveProjectDocument,
    "\n  mutation ArchiveProject($id: ID!, $archived: Boolean!) {\n    archiveProject(id: $id, archived: $archived) {\n      ...ProjectFields\n    }\n  }\n": types.ArchiveProjectDocument,
    "\n  mutation DeleteProject($id: ID!) {\n    deleteProject(id: $id)\n  }\n": types.DeleteProjectDocument,
    "\n  query ProjectState($id: ID!) {\n    open: intents(projectId: $id, status: [PENDING, PROCESSING, AWAITING_CONFIRMATION], orderBy: DUE, first: 6) {\n      totalCount\n      edges {\n        node {\n          id\n          description\n          dueAt\n        }\n      }\n    }\n    waiting: intents(projectId: $id, status: [AWAITING_CONFIRMATION], first: 1) {\n      totalCount\n    }\n    decisions(projectId: $id, status: [ACCEPTED], first: 6) {\n      edges {\n        node {\n          id\n          number\n          title\n          decidedAt\n          createdAt\n        }\n      }\n    }\n  }\n": types.ProjectStateDocument,
    "\n  mutation CreateInvitation($projectId: ID!, $role: ProjectRole!) {\n    createInvitation(projectId: $projectId, role: $role) {\n      url\n      expiresAt\n    }\n  }\n": types.CreateInvitationDocument,
    "\n  mutation AcceptInvitation($code: String!) {\n    acceptInvitation(code: $code) {\n      ...ProjectFields\n    }\n  }\n": types.AcceptInvitationDocument,
    "\n  mutation SetProjectMember($projectId: ID!, $userName: String!, $role: ProjectRole) {\n    setProjectMember(projectId: $projectId, userName: $userName, role: $role) {\n      ...ProjectFields\n    }\n  }\n": types.SetProjectMemberDocument,
    "\n  mutation LeaveProject($projectId: ID!, $userName: String!) {\n    setProjectMember(projectId: $projectId, userName: $userName) {\n      id\n    }\n  }\n": types.LeaveProjectDocument,
    "\n  mutation MuteProject($id: ID!, $muted: Boolean!) {\n    muteProject(id: $id, muted: $muted) {\n      ...ProjectFields\n    }\n  }\n": types.MuteProjectDocument,
    "\n  query SimilarIntents($id: ID!) {\n    intent(id: $id) {\n      id\n      similar(first: 5) {\n        node {\n          ... on Node {\n            ...SubjectFields\n          }\n        }\n      }\n    }\n  }\n": types.SimilarIntentsDocument,
    "\n  query SearchEverything($projectId: ID, $query: String!, $kinds: [SearchKind!]) {\n    search(projectId: $projectId, query: $query, kinds: $kinds, first: 20) {\n      ...HitFields\n      reasons\n      also {\n        ...HitFields\n      }\n    }\n  }\n\n  fragment HitFields on SearchHit {\n    snippet\n    occurredAt\n    rating\n    node {\n      ... on Node {\n        ...SubjectFields\n      }\n      ... on Decision {\n        validUntil\n      }\n    }\n  }\n": types.SearchEverythingDocument,
    "\n  mutation RateSearchHit($input: RateSearchHitInput!) {\n    rateSearchHit(input: $input)\n  }\n": types.RateSearchHitDocument,
    "\n  mutation ForgetMemory($id: ID!) {\n    deleteMemory(id: $id)\n  }\n": types.ForgetMemoryDocument,
    "\n  query ViewerSettings {\n    viewer {\n      id\n      displayName\n      role\n      access\n      timezone\n      chosenTimezone\n      availableModels\n      assistant {\n        name\n        model\n        offline\n      }\n    }\n  }\n": types.ViewerSettingsDocument,
    "\n  mutation ReportDeviceZone($zone: String!) {\n    updateViewer(input: { deviceTimezone: $zone }) {\n      id\n      timezone\n    }\n  }\n": types.ReportDeviceZoneDocument,
    "\n  mutation ChooseZone($zone: String, $device: String, $follow: Boolean!) {\n    updateViewer(input: { timezone: $zone, deviceTimezone: $device, followDevice: $follow }) {\n      id\n      timezone\n      chosenTimezone\n    }\n  }\n": types.ChooseZoneDocument,
    "\n  mutation SignOut {\n    signOut\n  }\n": types.SignOutDocument,
    "\n  fragment ModelConfigurationFields on ModelConfiguration {\n    model\n    baseUrl\n    hasKey\n    furtherModels\n    fromEnvironment\n  }\n": types.ModelConfigurationFieldsFragmentDoc,
    "\n  query ModelSettings {\n    modelConfiguration {\n      ...ModelConfigurationFields\n    }\n  }\n": types.ModelSettingsDocument,
    "\n  mutation SaveModel($input: ModelConfigurationInput!) {\n    saveModelConfiguration(input: $input) {\n      ...ModelConfigurationFields\n    }\n  }\n": types.SaveModelDocument,
    "\n  mutation RemoveModel {\n    removeModelConfiguration {\n      ...ModelConfigurationFields\n    }\n  }\n": types.RemoveModelDocument,
    "\n  mutation TestModel($input: ModelConfigurationInput!) {\n    testModelConfiguration(input: $input)\n  }\n": types.TestModelDocument,
    "\n  fragment SpecificationFields on Specification {\n    id\n    project {\n      id\n    }\n    title\n    content\n    version\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n": types.SpecificationFieldsFragmentDoc,
    "\n  query SpecificationList($projectId: ID, $after: String, $status: [SpecificationStatus!]) {\n    specifications(projectId: $projectId, first: 50, after: $after, status: $status) {\n      edges {\n        node {\n          ...SpecificationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SpecificationListDocument,
    "\n  query OneSpecification($id: ID!) {\n    specification(id: $id) {\n      ...SpecificationFields\n    }\n  }\n": types.OneSpecificationDocument,
    "\n  query SpecificationRevisions($id: ID!) {\n    specification(id: $id) {\n      id\n      revisions {\n        version\n        title\n        content\n        status\n        author\n        createdAt\n      }\n    }\n  }\n": types.SpecificationRevisionsDocument,
    "\n  mutation SaveSpecification($input: SaveSpecificationInput!) {\n    saveSpecification(input: $input) {\n      ...SpecificationFields\n    }\n  }\n": types.SaveSpecificationDocument,
    "\n  mutation RestoreSpecification($id: ID!, $version: Int!) {\n    restoreSpecification(id: $id, version: $version) {\n      ...SpecificationFields\n    }\n  }\n": types.RestoreSpecificationDocument,
    "\n  mutation DeleteSpecification($id: ID!) {\n    deleteSpecification(id: $id)\n  }\n": types.DeleteSpecificationDocument,
    "\n  fragment TokenFields on Token {\n    id\n    name\n    hint\n    createdAt\n    lastUsedAt\n    expiresAt\n    readOnly\n    oneProject\n    project {\n      id\n      name\n    }\n  }\n": types.TokenFieldsFragmentDoc,
    "\n  query TokenList($after: String) {\n    tokens(first: 100, after: $after) {\n      edges {\n        node {\n          ...TokenFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.TokenListDocument,
    "\n  mutation CreateToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      secret\n      token {\n        ...TokenFields\n      }\n    }\n  }\n": types.CreateTokenDocument,
    "\n  mutation RevokeToken($id: ID!) {\n    revokeToken(id: $id) {\n      id\n    }\n  }\n": types.RevokeTokenDocument,
    "\n  query Trace($id: ID!) {\n    trace(id: $id) {\n      kind\n      subjectId\n      causedBy\n      payload\n      createdAt\n    }\n  }\n": types.TraceDocument,
    "\n  query TracedSubject($id: ID!) {\n    node(id: $id) {\n      ...SubjectFields\n    }\n  }\n": types.TracedSubjectDocument,
    "\n  query Trash($projectId: ID, $after: String) {\n    trash(projectId: $projectId, first: 50, after: $after) {\n      edges {\n        deletedAt\n        deletedBy\n        node {\n          id\n          ...SubjectFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.TrashDocument,
    "\n  fragment WebhookFields on Webhook {\n    id\n    url\n    description\n    kinds\n    enabled\n    disabledReason\n    disabledReasonKey\n    failingSince\n    lastAttemptAt\n    nextAttemptAt\n    pendingCount\n    deadCount\n  }\n": types.WebhookFieldsFragmentDoc,
    "\n  fragment DeliveryFields on WebhookDelivery {\n    id\n    type\n    occurredAt\n    status\n    attempts\n    nextAttemptAt\n    lastAttemptAt\n    httpStatus\n    error\n    errorKey\n    errorParams\n  }\n": types.DeliveryFieldsFragmentDoc,
    "\n  query WebhookList($projectId: ID!) {\n    webhooks(projectId: $projectId) {\n      ...WebhookFields\n    }\n  }\n": types.WebhookListDocument,
    "\n  query WebhookDeliveries($projectId: ID!, $status: DeliveryStatus, $first: Int!) {\n    webhooks(projectId: $projectId) {\n      id\n      deliveries(status: $status, first: $first) {\n        edges {\n          node {\n            ...DeliveryFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": types.WebhookDeliveriesDocument,
    "\n  mutation SaveWebhook($input: SaveWebhookInput!) {\n    saveWebhook(input: $input) {\n      secret\n      webhook {\n        ...WebhookFields\n      }\n    }\n  }\n": types.SaveWebhookDocument,
    "\n  mutation DeleteWebhook($id: ID!) {\n    deleteWebhook(id: $id)\n  }\n": types.DeleteWebhookDocument,
    "\n  mutation RotateWebhookSecret($id: ID!) {\n    rotateWebhookSecret(id: $id)\n  }\n": types.RotateWebhookSecretDocument,
    "\n  mutation SendTestWebhook($id: ID!) {\n    sendTestWebhook(id: $id) {\n      id\n    }\n  }\n": types.SendTestWebhookDocument,
    "\n  mutation ReplayWebhookDeliveries($id: ID!, $deliveryIds: [ID!]) {\n    replayWebhookDeliveries(id: $id, deliveryIds: $deliveryIds)\n  }\n": types.ReplayWebhookDeliveriesDocument,
    "\n  query LatestCursor {\n    latestCursor\n  }\n": types.LatestCursorDocument,
    "\n  subscription EventAppended($projectId: ID, $kinds: [EventKind!], $after: String) {\n    eventAppended(projectId: $projectId, kinds: $kinds, after: $after) {\n      cursor\n      kind\n      subjectId\n      causedBy\n      payload\n      createdAt\n    }\n  }\n": types.EventAppendedDocument,
    "\n  query ReversalPreview($id: ID!) {\n    previewReversalNotice(decisionId: $id) {\n      text\n      key\n      params\n    }\n    previewReversal(decisionId: $id) {\n      reason\n      key\n      params\n      node {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n  }\n": types.ReversalPreviewDocument,
    "\n  fragment SubjectFields on Node {\n    __typename\n    ... on Conversation {\n      id\n      project {\n        id\n        slug\n      }\n      title\n    }\n    ... on Message {\n      id\n      content\n      messageType\n      conversation {\n        id\n        project {\n          id\n          slug\n        }\n      }\n    }\n    ... on Intent {\n      id\n      project {\n        id\n        slug\n      }\n      description\n      status\n    }\n    ... on Notification {\n      id\n      title\n      message\n      key\n      params\n    }\n    ... on Specification {\n      id\n      project {\n        id\n        slug\n      }\n      title\n    }\n    ... on Decision {\n      id\n      project {\n        id\n        slug\n      }\n      number\n      title\n      decisionStatus: status\n    }\n    ... on Memory {\n      id\n      content\n      # Null when it is about the person; fields of one name may not differ in that.\n      memoryProject: project {\n        id\n        slug\n      }\n    }\n    ... on Project {\n      id\n      name\n      slug\n    }\n    ... on Contradiction {\n      id\n      explanation\n      key\n      params\n      intent {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      decision {\n        id\n        project {\n          id\n          slug\n        }\n      }\n    }\n  }\n": types.SubjectFieldsFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndoReplacement($id: ID!, $reason: String!) {\n    setDecisionStatus(id: $id, status: ACCEPTED, reason: $reason) {\n      id\n      status\n    }\n  }\n"): (typeof documents)["\n  mutation UndoReplacement($id: ID!, $reason: String!) {\n    setDecisionStatus(id: $id, status: ACCEPTED, reason: $reason) {\n      id\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CitationFields on Citation {\n    number\n    kind\n    text {\n      title\n      excerpt\n      recordedAt\n    }\n    record {\n      __typename\n      ... on Decision {\n        id\n        status\n        project {\n          id\n          slug\n        }\n      }\n      ... on Intent {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      ... on Specification {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      ... on Memory {\n        id\n        # Null when it is about the person; fields of one name may not differ in that.\n        memoryProject: project {\n          id\n          slug\n        }\n      }\n      ... on Message {\n        id\n        conversation {\n          id\n          project {\n            id\n            slug\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment CitationFields on Citation {\n    number\n    kind\n    text {\n      title\n      excerpt\n      recordedAt\n    }\n    record {\n      __typename\n      ... on Decision {\n        id\n        status\n        project {\n          id\n          slug\n        }\n      }\n      ... on Intent {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      ... on Specification {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      ... on Memory {\n        id\n        # Null when it is about the person; fields of one name may not differ in that.\n        memoryProject: project {\n          id\n          slug\n        }\n      }\n      ... on Message {\n        id\n        conversation {\n          id\n          project {\n            id\n            slug\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MoveToProject($ids: [ID!]!, $projectId: ID!) {\n    moveToProject(ids: $ids, projectId: $projectId)\n  }\n"): (typeof documents)["\n  mutation MoveToProject($ids: [ID!]!, $projectId: ID!) {\n    moveToProject(ids: $ids, projectId: $projectId)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReplacedDecision($id: ID!) {\n    decision(id: $id) {\n      id\n      number\n      title\n      project {\n        id\n      }\n      supersededBy {\n        id\n        number\n        title\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReplacedDecision($id: ID!) {\n    decision(id: $id) {\n      id\n      number\n      title\n      project {\n        id\n      }\n      supersededBy {\n        id\n        number\n        title\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateReview($input: CreateIntentInput!) {\n    createIntent(input: $input) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation CreateReview($input: CreateIntentInput!) {\n    createIntent(input: $input) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreRecord($id: ID!) {\n    restore(id: $id) {\n      __typename\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation RestoreRecord($id: ID!) {\n    restore(id: $id) {\n      __typename\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ActionFields on Action {\n    id\n    project {\n      id\n    }\n    tool\n    arguments\n    summary\n    key\n    params\n    status\n    actor\n    reason\n    reasonKey\n    reasonParams\n    undoable\n    createdAt\n    updatedAt\n    message {\n      id\n    }\n    subject {\n      id\n      ...SubjectFields\n    }\n    candidates {\n      ... on Node {\n        id\n        ...SubjectFields\n      }\n      ... on Intent {\n        dueAt\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ActionFields on Action {\n    id\n    project {\n      id\n    }\n    tool\n    arguments\n    summary\n    key\n    params\n    status\n    actor\n    reason\n    reasonKey\n    reasonParams\n    undoable\n    createdAt\n    updatedAt\n    message {\n      id\n    }\n    subject {\n      id\n      ...SubjectFields\n    }\n    candidates {\n      ... on Node {\n        id\n        ...SubjectFields\n      }\n      ... on Intent {\n        dueAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ActionList($projectId: ID, $after: String) {\n    actions(projectId: $projectId, first: 20, after: $after) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ActionList($projectId: ID, $after: String) {\n    actions(projectId: $projectId, first: 20, after: $after) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProposedActionList($projectId: ID) {\n    actions(projectId: $projectId, first: 50, status: [PROPOSED]) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ProposedActionList($projectId: ID) {\n    actions(projectId: $projectId, first: 50, status: [PROPOSED]) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ActionsOfAgent($agentId: ID!, $after: String) {\n    actions(agentId: $agentId, first: 20, after: $after) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ActionsOfAgent($agentId: ID!, $after: String) {\n    actions(agentId: $agentId, first: 20, after: $after) {\n      edges {\n        node {\n          ...ActionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConversationActions($id: ID!) {\n    conversation(id: $id) {\n      id\n      messages(last: 50) {\n        edges {\n          node {\n            id\n            actions {\n              id\n            }\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ConversationActions($id: ID!) {\n    conversation(id: $id) {\n      id\n      messages(last: 50) {\n        edges {\n          node {\n            id\n            actions {\n              id\n            }\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ActionsOfOtherVersions($messageId: ID!) {\n    message(id: $messageId) {\n      id\n      actionsOfOtherVersions {\n        id\n        undoable\n      }\n    }\n  }\n"): (typeof documents)["\n  query ActionsOfOtherVersions($messageId: ID!) {\n    message(id: $messageId) {\n      id\n      actionsOfOtherVersions {\n        id\n        undoable\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneAction($id: ID!) {\n    node(id: $id) {\n      id\n      ...ActionFields\n    }\n  }\n"): (typeof documents)["\n  query OneAction($id: ID!) {\n    node(id: $id) {\n      id\n      ...ActionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptAction($id: ID!, $arguments: JSON) {\n    acceptAction(id: $id, arguments: $arguments) {\n      ...ActionFields\n    }\n  }\n"): (typeof documents)["\n  mutation AcceptAction($id: ID!, $arguments: JSON) {\n    acceptAction(id: $id, arguments: $arguments) {\n      ...ActionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DismissAction($id: ID!) {\n    dismissAction(id: $id) {\n      ...ActionFields\n    }\n  }\n"): (typeof documents)["\n  mutation DismissAction($id: ID!) {\n    dismissAction(id: $id) {\n      ...ActionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndoAction($id: ID!) {\n    undoAction(id: $id) {\n      ...ActionFields\n    }\n  }\n"): (typeof documents)["\n  mutation UndoAction($id: ID!) {\n    undoAction(id: $id) {\n      ...ActionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AgentFields on Agent {\n    id\n    name\n    firstUsedAt\n    lastUsedAt\n    actionCount\n    oneProject\n    project {\n      id\n      name\n    }\n    usedToken\n    token {\n      id\n      name\n      hint\n      readOnly\n    }\n  }\n"): (typeof documents)["\n  fragment AgentFields on Agent {\n    id\n    name\n    firstUsedAt\n    lastUsedAt\n    actionCount\n    oneProject\n    project {\n      id\n      name\n    }\n    usedToken\n    token {\n      id\n      name\n      hint\n      readOnly\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AgentList($after: String) {\n    agents(first: 20, after: $after) {\n      edges {\n        node {\n          ...AgentFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AgentList($after: String) {\n    agents(first: 20, after: $after) {\n      edges {\n        node {\n          ...AgentFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateAgentToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      secret\n      token {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateAgentToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      secret\n      token {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeAgentToken($id: ID!) {\n    revokeToken(id: $id) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeAgentToken($id: ID!) {\n    revokeToken(id: $id) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditTrail($kinds: [SecurityEventKind!], $after: String) {\n    securityEvents(kinds: $kinds, first: 25, after: $after) {\n      edges {\n        node {\n          id\n          kind\n          userId\n          userName\n          actor\n          actorName\n          address\n          detail\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditTrail($kinds: [SecurityEventKind!], $after: String) {\n    securityEvents(kinds: $kinds, first: 25, after: $after) {\n      edges {\n        node {\n          id\n          kind\n          userId\n          userName\n          actor\n          actorName\n          address\n          detail\n          createdAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MessageFields on Message {\n    id\n    userId\n    content\n    messageType\n    status\n    error\n    errorKey\n    errorParams\n    metadata\n    createdAt\n    updatedAt\n    shown\n    citations {\n      ...CitationFields\n    }\n    versions {\n      id\n    }\n    replyTo {\n      id\n    }\n    conversation {\n      id\n    }\n    attachments {\n      id\n      name\n      mediaType\n      size\n      url\n      thumbnailUrl\n    }\n  }\n"): (typeof documents)["\n  fragment MessageFields on Message {\n    id\n    userId\n    content\n    messageType\n    status\n    error\n    errorKey\n    errorParams\n    metadata\n    createdAt\n    updatedAt\n    shown\n    citations {\n      ...CitationFields\n    }\n    versions {\n      id\n    }\n    replyTo {\n      id\n    }\n    conversation {\n      id\n    }\n    attachments {\n      id\n      name\n      mediaType\n      size\n      url\n      thumbnailUrl\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConversationMessages($id: ID!, $before: String) {\n    conversation(id: $id) {\n      id\n      messages(last: 50, before: $before) {\n        edges {\n          node {\n            ...MessageFields\n          }\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ConversationMessages($id: ID!, $before: String) {\n    conversation(id: $id) {\n      id\n      messages(last: 50, before: $before) {\n        edges {\n          node {\n            ...MessageFields\n          }\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription MessageChanged($conversationId: ID!, $after: String) {\n    messageChanged(conversationId: $conversationId, after: $after) {\n      cursor\n      kind\n      messageId\n      message {\n        ...MessageFields\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription MessageChanged($conversationId: ID!, $after: String) {\n    messageChanged(conversationId: $conversationId, after: $after) {\n      cursor\n      kind\n      messageId\n      message {\n        ...MessageFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ReplyStreamed($messageId: ID!, $fromOffset: Int!) {\n    replyStreamed(messageId: $messageId, fromOffset: $fromOffset) {\n      offset\n      text\n      status\n    }\n  }\n"): (typeof documents)["\n  subscription ReplyStreamed($messageId: ID!, $fromOffset: Int!) {\n    replyStreamed(messageId: $messageId, fromOffset: $fromOffset) {\n      offset\n      text\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SendMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        ...MessageFields\n      }\n      reply {\n        ...MessageFields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SendMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        ...MessageFields\n      }\n      reply {\n        ...MessageFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StopReply($messageId: ID!) {\n    stopReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n"): (typeof documents)["\n  mutation StopReply($messageId: ID!) {\n    stopReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegenerateReply($messageId: ID!) {\n    regenerateReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n"): (typeof documents)["\n  mutation RegenerateReply($messageId: ID!) {\n    regenerateReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ContinueReply($messageId: ID!) {\n    continueReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n"): (typeof documents)["\n  mutation ContinueReply($messageId: ID!) {\n    continueReply(messageId: $messageId) {\n      ...MessageFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EditMessage($id: ID!, $content: String!) {\n    editMessage(id: $id, content: $content) {\n      message {\n        ...MessageFields\n      }\n      reply {\n        ...MessageFields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EditMessage($id: ID!, $content: String!) {\n    editMessage(id: $id, content: $content) {\n      message {\n        ...MessageFields\n      }\n      reply {\n        ...MessageFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SelectVersion($messageId: ID!) {\n    selectVersion(messageId: $messageId) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation SelectVersion($messageId: ID!) {\n    selectVersion(messageId: $messageId) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MessageShown($id: ID!) {\n    message(id: $id) {\n      id\n      shown\n      conversation {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query MessageShown($id: ID!) {\n    message(id: $id) {\n      id\n      shown\n      conversation {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteMessage($id: ID!) {\n    deleteMessage(id: $id)\n  }\n"): (typeof documents)["\n  mutation DeleteMessage($id: ID!) {\n    deleteMessage(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CodeSessionsOfIntent($id: ID!) {\n    intent(id: $id) {\n      id\n      codeSessions {\n        id\n        status\n        startedAt\n        totalDurationSeconds\n        errorMessage\n        errorKey\n        errorParams\n        executions {\n          executionOrder\n          toolName\n          input\n          output\n          success\n          errorMessage\n          errorKey\n          errorParams\n          durationMs\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query CodeSessionsOfIntent($id: ID!) {\n    intent(id: $id) {\n      id\n      codeSessions {\n        id\n        status\n        startedAt\n        totalDurationSeconds\n        errorMessage\n        errorKey\n        errorParams\n        executions {\n          executionOrder\n          toolName\n          input\n          output\n          success\n          errorMessage\n          errorKey\n          errorParams\n          durationMs\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ContextFields on AssembledContext {\n    tokenCount\n    tokenBudget\n    droppedLayers\n    failedLayers\n    layers {\n      layer\n      retrieved\n      injected\n      cited\n    }\n    leftOut {\n      layer\n      score\n      reason\n      source {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n    assembledInMs\n    items {\n      layer\n      text\n      tokenCount\n      score\n      reason\n      key\n      params\n      number\n      cited\n      source {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ContextFields on AssembledContext {\n    tokenCount\n    tokenBudget\n    droppedLayers\n    failedLayers\n    layers {\n      layer\n      retrieved\n      injected\n      cited\n    }\n    leftOut {\n      layer\n      score\n      reason\n      source {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n    assembledInMs\n    items {\n      layer\n      text\n      tokenCount\n      score\n      reason\n      key\n      params\n      number\n      cited\n      source {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReplyContext($id: ID!) {\n    message(id: $id) {\n      id\n      context {\n        ...ContextFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReplyContext($id: ID!) {\n    message(id: $id) {\n      id\n      context {\n        ...ContextFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntentContext($id: ID!) {\n    intent(id: $id) {\n      id\n      context {\n        ...ContextFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query IntentContext($id: ID!) {\n    intent(id: $id) {\n      id\n      context {\n        ...ContextFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PreviewContext($projectId: ID, $content: String!, $conversationId: ID) {\n    previewContext(projectId: $projectId, content: $content, conversationId: $conversationId) {\n      ...ContextFields\n    }\n  }\n"): (typeof documents)["\n  query PreviewContext($projectId: ID, $content: String!, $conversationId: ID) {\n    previewContext(projectId: $projectId, content: $content, conversationId: $conversationId) {\n      ...ContextFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ContradictionFields on Contradiction {\n    id\n    kind\n    confidence\n    explanation\n    key\n    params\n    judge\n    status\n    rationale\n    rationaleKey\n    rationaleParams\n    createdAt\n    resolvedAt\n    intent {\n      id\n      status\n    }\n    conflictsWith {\n      ...SubjectFields\n    }\n    conflictsWithDecision {\n      ...SubjectFields\n      id\n      kind\n      topic\n      chosen {\n        id\n        label\n      }\n      supersededBy {\n        id\n        status\n      }\n    }\n    conflictsWithSpecification {\n      ...SubjectFields\n    }\n  }\n"): (typeof documents)["\n  fragment ContradictionFields on Contradiction {\n    id\n    kind\n    confidence\n    explanation\n    key\n    params\n    judge\n    status\n    rationale\n    rationaleKey\n    rationaleParams\n    createdAt\n    resolvedAt\n    intent {\n      id\n      status\n    }\n    conflictsWith {\n      ...SubjectFields\n    }\n    conflictsWithDecision {\n      ...SubjectFields\n      id\n      kind\n      topic\n      chosen {\n        id\n        label\n      }\n      supersededBy {\n        id\n        status\n      }\n    }\n    conflictsWithSpecification {\n      ...SubjectFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntentContradictions($id: ID!) {\n    intent(id: $id) {\n      id\n      contradictions {\n        ...ContradictionFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query IntentContradictions($id: ID!) {\n    intent(id: $id) {\n      id\n      contradictions {\n        ...ContradictionFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DecisionContradictions($id: ID!) {\n    decision(id: $id) {\n      id\n      contradictions {\n        ...ContradictionFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query DecisionContradictions($id: ID!) {\n    decision(id: $id) {\n      id\n      contradictions {\n        ...ContradictionFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResolveContradiction($input: ResolveContradictionInput!) {\n    resolveContradiction(input: $input) {\n      ...ContradictionFields\n    }\n  }\n"): (typeof documents)["\n  mutation ResolveContradiction($input: ResolveContradictionInput!) {\n    resolveContradiction(input: $input) {\n      ...ContradictionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ConversationFields on Conversation {\n    id\n    project {\n      id\n    }\n    title\n    archived\n    model\n    authorId\n    visibility\n    createdAt\n    updatedAt\n  }\n"): (typeof documents)["\n  fragment ConversationFields on Conversation {\n    id\n    project {\n      id\n    }\n    title\n    archived\n    model\n    authorId\n    visibility\n    createdAt\n    updatedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConversationList($projectId: ID, $after: String, $includeArchived: Boolean!) {\n    conversations(projectId: $projectId, first: 50, after: $after, includeArchived: $includeArchived) {\n      edges {\n        node {\n          ...ConversationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ConversationList($projectId: ID, $after: String, $includeArchived: Boolean!) {\n    conversations(projectId: $projectId, first: 50, after: $after, includeArchived: $includeArchived) {\n      edges {\n        node {\n          ...ConversationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneConversation($id: ID!) {\n    conversation(id: $id) {\n      ...ConversationFields\n    }\n  }\n"): (typeof documents)["\n  query OneConversation($id: ID!) {\n    conversation(id: $id) {\n      ...ConversationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ConversationActivity($projectId: ID, $after: String) {\n    messageChanged(projectId: $projectId, after: $after) {\n      cursor\n      message {\n        id\n        conversation {\n          ...ConversationFields\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription ConversationActivity($projectId: ID, $after: String) {\n    messageChanged(projectId: $projectId, after: $after) {\n      cursor\n      message {\n        id\n        conversation {\n          ...ConversationFields\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameConversation($id: ID!, $title: String!) {\n    renameConversation(id: $id, title: $title) {\n      ...ConversationFields\n    }\n  }\n"): (typeof documents)["\n  mutation RenameConversation($id: ID!, $title: String!) {\n    renameConversation(id: $id, title: $title) {\n      ...ConversationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChooseModel($id: ID!, $model: String) {\n    updateConversation(input: { id: $id, model: $model }) {\n      ...ConversationFields\n    }\n  }\n"): (typeof documents)["\n  mutation ChooseModel($id: ID!, $model: String) {\n    updateConversation(input: { id: $id, model: $model }) {\n      ...ConversationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetVisibility($id: ID!, $visibility: Visibility!) {\n    updateConversation(input: { id: $id, visibility: $visibility }) {\n      ...ConversationFields\n    }\n  }\n"): (typeof documents)["\n  mutation SetVisibility($id: ID!, $visibility: Visibility!) {\n    updateConversation(input: { id: $id, visibility: $visibility }) {\n      ...ConversationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ArchiveConversation($id: ID!, $archived: Boolean!) {\n    archiveConversation(id: $id, archived: $archived) {\n      ...ConversationFields\n    }\n  }\n"): (typeof documents)["\n  mutation ArchiveConversation($id: ID!, $archived: Boolean!) {\n    archiveConversation(id: $id, archived: $archived) {\n      ...ConversationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteConversation($id: ID!) {\n    deleteConversation(id: $id)\n  }\n"): (typeof documents)["\n  mutation DeleteConversation($id: ID!) {\n    deleteConversation(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExportedMessages($id: ID!, $after: String) {\n    conversation(id: $id) {\n      id\n      messages(first: 100, after: $after, allVersions: true) {\n        edges {\n          node {\n            id\n            messageType\n            status\n            content\n            createdAt\n            shown\n            replyTo {\n              id\n            }\n            branchOf {\n              id\n            }\n            citations {\n              number\n              kind\n              text {\n                title\n                recordedAt\n              }\n              record {\n                ... on Node {\n                  id\n                }\n              }\n            }\n            versions {\n              id\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ExportedMessages($id: ID!, $after: String) {\n    conversation(id: $id) {\n      id\n      messages(first: 100, after: $after, allVersions: true) {\n        edges {\n          node {\n            id\n            messageType\n            status\n            content\n            createdAt\n            shown\n            replyTo {\n              id\n            }\n            branchOf {\n              id\n            }\n            citations {\n              number\n              kind\n              text {\n                title\n                recordedAt\n              }\n              record {\n                ... on Node {\n                  id\n                }\n              }\n            }\n            versions {\n              id\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DecisionFields on Decision {\n    id\n    project {\n      id\n    }\n    number\n    title\n    kind\n    topic\n    context\n    options {\n      id\n      label\n      rejectionReason\n    }\n    chosen {\n      id\n      label\n    }\n    value\n    rationale\n    consequences\n    status\n    version\n    tags\n    decidedAt\n    validUntil\n    createdAt\n    updatedAt\n    supersededBy {\n      id\n      number\n      title\n      status\n    }\n    supersedes {\n      id\n      number\n      title\n      status\n    }\n    conversation {\n      id\n      title\n    }\n    intent {\n      id\n      description\n    }\n    contradictions {\n      id\n      status\n    }\n  }\n"): (typeof documents)["\n  fragment DecisionFields on Decision {\n    id\n    project {\n      id\n    }\n    number\n    title\n    kind\n    topic\n    context\n    options {\n      id\n      label\n      rejectionReason\n    }\n    chosen {\n      id\n      label\n    }\n    value\n    rationale\n    consequences\n    status\n    version\n    tags\n    decidedAt\n    validUntil\n    createdAt\n    updatedAt\n    supersededBy {\n      id\n      number\n      title\n      status\n    }\n    supersedes {\n      id\n      number\n      title\n      status\n    }\n    conversation {\n      id\n      title\n    }\n    intent {\n      id\n      description\n    }\n    contradictions {\n      id\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DecisionList($projectId: ID, $after: String, $status: [DecisionStatus!]) {\n    decisions(projectId: $projectId, first: 50, after: $after, status: $status) {\n      edges {\n        node {\n          ...DecisionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query DecisionList($projectId: ID, $after: String, $status: [DecisionStatus!]) {\n    decisions(projectId: $projectId, first: 50, after: $after, status: $status) {\n      edges {\n        node {\n          ...DecisionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneDecision($id: ID!) {\n    decision(id: $id) {\n      ...DecisionFields\n    }\n  }\n"): (typeof documents)["\n  query OneDecision($id: ID!) {\n    decision(id: $id) {\n      ...DecisionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DecisionDetails($id: ID!) {\n    decision(id: $id) {\n      id\n      sources {\n        ...SubjectFields\n      }\n      history {\n        at\n        actor\n        fromStatus\n        toStatus\n        reason\n        key\n        params\n      }\n    }\n  }\n"): (typeof documents)["\n  query DecisionDetails($id: ID!) {\n    decision(id: $id) {\n      id\n      sources {\n        ...SubjectFields\n      }\n      history {\n        at\n        actor\n        fromStatus\n        toStatus\n        reason\n        key\n        params\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RecordDecision($input: RecordDecisionInput!) {\n    recordDecision(input: $input) {\n      ...DecisionFields\n    }\n  }\n"): (typeof documents)["\n  mutation RecordDecision($input: RecordDecisionInput!) {\n    recordDecision(input: $input) {\n      ...DecisionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateDecision($input: UpdateDecisionInput!) {\n    updateDecision(input: $input) {\n      ...DecisionFields\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateDecision($input: UpdateDecisionInput!) {\n    updateDecision(input: $input) {\n      ...DecisionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetDecisionStatus($id: ID!, $status: DecisionStatus!, $reason: String!) {\n    setDecisionStatus(id: $id, status: $status, reason: $reason) {\n      ...DecisionFields\n    }\n  }\n"): (typeof documents)["\n  mutation SetDecisionStatus($id: ID!, $status: DecisionStatus!, $reason: String!) {\n    setDecisionStatus(id: $id, status: $status, reason: $reason) {\n      ...DecisionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteDecision($id: ID!) {\n    deleteDecision(id: $id)\n  }\n"): (typeof documents)["\n  mutation DeleteDecision($id: ID!) {\n    deleteDecision(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      userId\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      userId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ClaimOwnership($input: ClaimOwnershipInput!) {\n    claimOwnership(input: $input) {\n      userId\n    }\n  }\n"): (typeof documents)["\n  mutation ClaimOwnership($input: ClaimOwnershipInput!) {\n    claimOwnership(input: $input) {\n      userId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhoIsIn {\n    viewer {\n      id\n    }\n  }\n"): (typeof documents)["\n  query WhoIsIn {\n    viewer {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input)\n  }\n"): (typeof documents)["\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RelatedMessage($id: ID!) {\n    message(id: $id) {\n      id\n      conversation {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query RelatedMessage($id: ID!) {\n    message(id: $id) {\n      id\n      conversation {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment IntentFields on Intent {\n    id\n    project {\n      id\n    }\n    description\n    assignee\n    assigneeId\n    labels\n    recurrence\n    intentType\n    classification {\n      confidence\n      reason\n      key\n      params\n      classifier\n    }\n    status\n    priority\n    result\n    error\n    errorKey\n    errorParams\n    progress\n    version\n    attempts\n    maxAttempts\n    nextAttemptAt\n    dueAt\n    createdAt\n    updatedAt\n    sourceMessage {\n      id\n    }\n    conversation {\n      id\n      title\n    }\n    contradictions {\n      id\n      status\n    }\n  }\n"): (typeof documents)["\n  fragment IntentFields on Intent {\n    id\n    project {\n      id\n    }\n    description\n    assignee\n    assigneeId\n    labels\n    recurrence\n    intentType\n    classification {\n      confidence\n      reason\n      key\n      params\n      classifier\n    }\n    status\n    priority\n    result\n    error\n    errorKey\n    errorParams\n    progress\n    version\n    attempts\n    maxAttempts\n    nextAttemptAt\n    dueAt\n    createdAt\n    updatedAt\n    sourceMessage {\n      id\n    }\n    conversation {\n      id\n      title\n    }\n    contradictions {\n      id\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntentList(\n    $projectId: ID\n    $first: Int = 50\n    $after: String\n    $status: [IntentStatus!]\n    $intentType: [IntentType!]\n    $assignee: IntentAssignee\n    $labels: [String!]\n    $orderBy: IntentOrder\n  ) {\n    intents(\n      projectId: $projectId\n      first: $first\n      after: $after\n      status: $status\n      intentType: $intentType\n      assignee: $assignee\n      labels: $labels\n      orderBy: $orderBy\n    ) {\n      edges {\n        node {\n          ...IntentFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query IntentList(\n    $projectId: ID\n    $first: Int = 50\n    $after: String\n    $status: [IntentStatus!]\n    $intentType: [IntentType!]\n    $assignee: IntentAssignee\n    $labels: [String!]\n    $orderBy: IntentOrder\n  ) {\n    intents(\n      projectId: $projectId\n      first: $first\n      after: $after\n      status: $status\n      intentType: $intentType\n      assignee: $assignee\n      labels: $labels\n      orderBy: $orderBy\n    ) {\n      edges {\n        node {\n          ...IntentFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntentTotal(\n    $projectId: ID\n    $status: [IntentStatus!]\n    $intentType: [IntentType!]\n    $assignee: IntentAssignee\n    $labels: [String!]\n  ) {\n    intents(\n      projectId: $projectId\n      first: 1\n      status: $status\n      intentType: $intentType\n      assignee: $assignee\n      labels: $labels\n    ) {\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query IntentTotal(\n    $projectId: ID\n    $status: [IntentStatus!]\n    $intentType: [IntentType!]\n    $assignee: IntentAssignee\n    $labels: [String!]\n  ) {\n    intents(\n      projectId: $projectId\n      first: 1\n      status: $status\n      intentType: $intentType\n      assignee: $assignee\n      labels: $labels\n    ) {\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadTask($text: String!, $timezone: String!) {\n    readTask(text: $text, timezone: $timezone) {\n      description\n      undated\n      dueAt\n      past\n      recurrence\n      labels\n      priority\n      assignee\n      reminder\n      unread\n    }\n  }\n"): (typeof documents)["\n  query ReadTask($text: String!, $timezone: String!) {\n    readTask(text: $text, timezone: $timezone) {\n      description\n      undated\n      dueAt\n      past\n      recurrence\n      labels\n      priority\n      assignee\n      reminder\n      unread\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ConversationIntents($id: ID!) {\n    conversation(id: $id) {\n      id\n      intents(first: 100) {\n        edges {\n          node {\n            ...IntentFields\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ConversationIntents($id: ID!) {\n    conversation(id: $id) {\n      id\n      intents(first: 100) {\n        edges {\n          node {\n            ...IntentFields\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneIntent($id: ID!) {\n    intent(id: $id) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  query OneIntent($id: ID!) {\n    intent(id: $id) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntentMetadata($id: ID!) {\n    intent(id: $id) {\n      id\n      metadata\n    }\n  }\n"): (typeof documents)["\n  query IntentMetadata($id: ID!) {\n    intent(id: $id) {\n      id\n      metadata\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntentHold($id: ID!) {\n    intent(id: $id) {\n      id\n      metadata\n      history {\n        toStatus\n        reason\n        key\n        params\n      }\n    }\n  }\n"): (typeof documents)["\n  query IntentHold($id: ID!) {\n    intent(id: $id) {\n      id\n      metadata\n      history {\n        toStatus\n        reason\n        key\n        params\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RevisionsOfResult($id: ID!) {\n    specification(id: $id) {\n      id\n      revisions {\n        version\n        content\n      }\n    }\n  }\n"): (typeof documents)["\n  query RevisionsOfResult($id: ID!) {\n    specification(id: $id) {\n      id\n      revisions {\n        version\n        content\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query IntentHistory($id: ID!) {\n    intent(id: $id) {\n      id\n      history {\n        fromStatus\n        toStatus\n        at\n        actor\n        reason\n        key\n        params\n      }\n    }\n  }\n"): (typeof documents)["\n  query IntentHistory($id: ID!) {\n    intent(id: $id) {\n      id\n      history {\n        fromStatus\n        toStatus\n        at\n        actor\n        reason\n        key\n        params\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription IntentChanged($projectId: ID, $after: String) {\n    intentChanged(projectId: $projectId, after: $after) {\n      cursor\n      kind\n      intentId\n      intent {\n        ...IntentFields\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription IntentChanged($projectId: ID, $after: String) {\n    intentChanged(projectId: $projectId, after: $after) {\n      cursor\n      kind\n      intentId\n      intent {\n        ...IntentFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateIntent($input: CreateIntentInput!) {\n    createIntent(input: $input) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  mutation CreateIntent($input: CreateIntentInput!) {\n    createIntent(input: $input) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateIntent($input: UpdateIntentInput!) {\n    updateIntent(input: $input) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateIntent($input: UpdateIntentInput!) {\n    updateIntent(input: $input) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmIntent($id: ID!) {\n    confirmIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  mutation ConfirmIntent($id: ID!) {\n    confirmIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelIntent($id: ID!) {\n    cancelIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  mutation CancelIntent($id: ID!) {\n    cancelIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryIntent($id: ID!) {\n    retryIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  mutation RetryIntent($id: ID!) {\n    retryIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartIntent($id: ID!) {\n    startIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  mutation StartIntent($id: ID!) {\n    startIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteIntent($id: ID!, $note: String) {\n    completeIntent(id: $id, note: $note) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  mutation CompleteIntent($id: ID!, $note: String) {\n    completeIntent(id: $id, note: $note) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReopenIntent($id: ID!) {\n    reopenIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"): (typeof documents)["\n  mutation ReopenIntent($id: ID!) {\n    reopenIntent(id: $id) {\n      ...IntentFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteIntent($id: ID!) {\n    deleteIntent(id: $id)\n  }\n"): (typeof documents)["\n  mutation DeleteIntent($id: ID!) {\n    deleteIntent(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MemoryFields on Memory {\n    id\n    project {\n      id\n    }\n    content\n    kind\n    importance\n    accessCount\n    lastAccessedAt\n    expiresAt\n    archived\n    tags\n    createdAt\n    reviewedAt\n    source {\n      ... on Node {\n        ...SubjectFields\n      }\n    }\n    supersededBy {\n      id\n    }\n  }\n"): (typeof documents)["\n  fragment MemoryFields on Memory {\n    id\n    project {\n      id\n    }\n    content\n    kind\n    importance\n    accessCount\n    lastAccessedAt\n    expiresAt\n    archived\n    tags\n    createdAt\n    reviewedAt\n    source {\n      ... on Node {\n        ...SubjectFields\n      }\n    }\n    supersededBy {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MemoryList($projectId: ID, $after: String, $kind: MemoryKind, $includeArchived: Boolean!) {\n    memories(projectId: $projectId, first: 50, after: $after, kind: $kind, includeArchived: $includeArchived) {\n      edges {\n        node {\n          ...MemoryFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query MemoryList($projectId: ID, $after: String, $kind: MemoryKind, $includeArchived: Boolean!) {\n    memories(projectId: $projectId, first: 50, after: $after, kind: $kind, includeArchived: $includeArchived) {\n      edges {\n        node {\n          ...MemoryFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MemoriesToReview($projectId: ID, $after: String) {\n    memories(projectId: $projectId, first: 100, after: $after, reviewed: false) {\n      edges {\n        node {\n          ...MemoryFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query MemoriesToReview($projectId: ID, $after: String) {\n    memories(projectId: $projectId, first: 100, after: $after, reviewed: false) {\n      edges {\n        node {\n          ...MemoryFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation KeepMemories($ids: [ID!]!, $kept: Boolean!) {\n    keepMemories(ids: $ids, kept: $kept) {\n      ...MemoryFields\n    }\n  }\n"): (typeof documents)["\n  mutation KeepMemories($ids: [ID!]!, $kept: Boolean!) {\n    keepMemories(ids: $ids, kept: $kept) {\n      ...MemoryFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneMemory($id: ID!) {\n    node(id: $id) {\n      __typename\n      ...MemoryFields\n    }\n  }\n"): (typeof documents)["\n  query OneMemory($id: ID!) {\n    node(id: $id) {\n      __typename\n      ...MemoryFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SearchMemories($projectId: ID, $query: String!) {\n    search(projectId: $projectId, query: $query, kinds: [MEMORY], first: 30) {\n      node {\n        __typename\n        ...MemoryFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query SearchMemories($projectId: ID, $query: String!) {\n    search(projectId: $projectId, query: $query, kinds: [MEMORY], first: 30) {\n      node {\n        __typename\n        ...MemoryFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveMemory($input: SaveMemoryInput!) {\n    saveMemory(input: $input) {\n      ...MemoryFields\n    }\n  }\n"): (typeof documents)["\n  mutation SaveMemory($input: SaveMemoryInput!) {\n    saveMemory(input: $input) {\n      ...MemoryFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ArchiveMemory($id: ID!, $archived: Boolean!) {\n    archiveMemory(id: $id, archived: $archived) {\n      ...MemoryFields\n    }\n  }\n"): (typeof documents)["\n  mutation ArchiveMemory($id: ID!, $archived: Boolean!) {\n    archiveMemory(id: $id, archived: $archived) {\n      ...MemoryFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteMemory($id: ID!) {\n    deleteMemory(id: $id)\n  }\n"): (typeof documents)["\n  mutation DeleteMemory($id: ID!) {\n    deleteMemory(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment NotificationFields on Notification {\n    id\n    title\n    message\n    key\n    params\n    notificationType\n    isRead\n    metadata\n    createdAt\n    project {\n      id\n      slug\n    }\n    intent {\n      id\n      assignee\n      intentType\n      status\n      conversation {\n        id\n      }\n    }\n    sourceMessage {\n      id\n      conversation {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment NotificationFields on Notification {\n    id\n    title\n    message\n    key\n    params\n    notificationType\n    isRead\n    metadata\n    createdAt\n    project {\n      id\n      slug\n    }\n    intent {\n      id\n      assignee\n      intentType\n      status\n      conversation {\n        id\n      }\n    }\n    sourceMessage {\n      id\n      conversation {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NotificationList($projectId: ID, $after: String) {\n    notifications(projectId: $projectId, first: 30, after: $after) {\n      edges {\n        node {\n          ...NotificationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      unreadCount\n    }\n  }\n"): (typeof documents)["\n  query NotificationList($projectId: ID, $after: String) {\n    notifications(projectId: $projectId, first: 30, after: $after) {\n      edges {\n        node {\n          ...NotificationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      unreadCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription NotificationAdded($projectId: ID, $after: String) {\n    notificationAdded(projectId: $projectId, after: $after) {\n      cursor\n      notification {\n        ...NotificationFields\n      }\n      unreadCount\n    }\n  }\n"): (typeof documents)["\n  subscription NotificationAdded($projectId: ID, $after: String) {\n    notificationAdded(projectId: $projectId, after: $after) {\n      cursor\n      notification {\n        ...NotificationFields\n      }\n      unreadCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MarkNotificationsRead($ids: [ID!]) {\n    markNotificationsRead(ids: $ids)\n  }\n"): (typeof documents)["\n  mutation MarkNotificationsRead($ids: [ID!]) {\n    markNotificationsRead(ids: $ids)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UnreadCount {\n    viewer {\n      id\n      unreadNotificationCount\n    }\n  }\n"): (typeof documents)["\n  query UnreadCount {\n    viewer {\n      id\n      unreadNotificationCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteDue($id: ID!) {\n    completeIntent(id: $id) {\n      id\n      status\n    }\n  }\n"): (typeof documents)["\n  mutation CompleteDue($id: ID!) {\n    completeIntent(id: $id) {\n      id\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SnoozeDue($id: ID!, $until: DateTime!) {\n    updateIntent(input: { id: $id, dueAt: $until }) {\n      id\n      dueAt\n    }\n  }\n"): (typeof documents)["\n  mutation SnoozeDue($id: ID!, $until: DateTime!) {\n    updateIntent(input: { id: $id, dueAt: $until }) {\n      id\n      dueAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ViewerTimezone {\n    viewer {\n      id\n      timezone\n    }\n  }\n"): (typeof documents)["\n  query ViewerTimezone {\n    viewer {\n      id\n      timezone\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Overview($projectId: ID, $days: Int!, $timezone: String!) {\n    overview(projectId: $projectId, days: $days, timezone: $timezone) {\n      start\n      end\n      messages\n      answers\n      completedIntents\n      failedIntents\n      answerSeconds\n      intentSeconds\n      inputTokens\n      cachedTokens\n      outputTokens\n      statuses {\n        status\n        count\n      }\n    }\n  }\n"): (typeof documents)["\n  query Overview($projectId: ID, $days: Int!, $timezone: String!) {\n    overview(projectId: $projectId, days: $days, timezone: $timezone) {\n      start\n      end\n      messages\n      answers\n      completedIntents\n      failedIntents\n      answerSeconds\n      intentSeconds\n      inputTokens\n      cachedTokens\n      outputTokens\n      statuses {\n        status\n        count\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProjectFields on Project {\n    id\n    name\n    slug\n    description\n    repositories\n    archived\n    role\n    muted\n    members {\n      userId\n      userName\n      displayName\n      role\n      joinedAt\n    }\n    formerMembers {\n      userId\n      displayName\n    }\n    createdAt\n    updatedAt\n  }\n"): (typeof documents)["\n  fragment ProjectFields on Project {\n    id\n    name\n    slug\n    description\n    repositories\n    archived\n    role\n    muted\n    members {\n      userId\n      userName\n      displayName\n      role\n      joinedAt\n    }\n    formerMembers {\n      userId\n      displayName\n    }\n    createdAt\n    updatedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProjectList($after: String) {\n    viewer {\n      id\n      access\n      defaultProject {\n        id\n      }\n    }\n    projects(first: 100, after: $after, includeArchived: true) {\n      edges {\n        node {\n          ...ProjectFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ProjectList($after: String) {\n    viewer {\n      id\n      access\n      defaultProject {\n        id\n      }\n    }\n    projects(first: 100, after: $after, includeArchived: true) {\n      edges {\n        node {\n          ...ProjectFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneProject($id: ID!) {\n    project(id: $id) {\n      ...ProjectFields\n    }\n  }\n"): (typeof documents)["\n  query OneProject($id: ID!) {\n    project(id: $id) {\n      ...ProjectFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveProject($input: SaveProjectInput!) {\n    saveProject(input: $input) {\n      ...ProjectFields\n    }\n  }\n"): (typeof documents)["\n  mutation SaveProject($input: SaveProjectInput!) {\n    saveProject(input: $input) {\n      ...ProjectFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ArchiveProject($id: ID!, $archived: Boolean!) {\n    archiveProject(id: $id, archived: $archived) {\n      ...ProjectFields\n    }\n  }\n"): (typeof documents)["\n  mutation ArchiveProject($id: ID!, $archived: Boolean!) {\n    archiveProject(id: $id, archived: $archived) {\n      ...ProjectFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteProject($id: ID!) {\n    deleteProject(id: $id)\n  }\n"): (typeof documents)["\n  mutation DeleteProject($id: ID!) {\n    deleteProject(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProjectState($id: ID!) {\n    open: intents(projectId: $id, status: [PENDING, PROCESSING, AWAITING_CONFIRMATION], orderBy: DUE, first: 6) {\n      totalCount\n      edges {\n        node {\n          id\n          description\n          dueAt\n        }\n      }\n    }\n    waiting: intents(projectId: $id, status: [AWAITING_CONFIRMATION], first: 1) {\n      totalCount\n    }\n    decisions(projectId: $id, status: [ACCEPTED], first: 6) {\n      edges {\n        node {\n          id\n          number\n          title\n          decidedAt\n          createdAt\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ProjectState($id: ID!) {\n    open: intents(projectId: $id, status: [PENDING, PROCESSING, AWAITING_CONFIRMATION], orderBy: DUE, first: 6) {\n      totalCount\n      edges {\n        node {\n          id\n          description\n          dueAt\n        }\n      }\n    }\n    waiting: intents(projectId: $id, status: [AWAITING_CONFIRMATION], first: 1) {\n      totalCount\n    }\n    decisions(projectId: $id, status: [ACCEPTED], first: 6) {\n      edges {\n        node {\n          id\n          number\n          title\n          decidedAt\n          createdAt\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateInvitation($projectId: ID!, $role: ProjectRole!) {\n    createInvitation(projectId: $projectId, role: $role) {\n      url\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  mutation CreateInvitation($projectId: ID!, $role: ProjectRole!) {\n    createInvitation(projectId: $projectId, role: $role) {\n      url\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptInvitation($code: String!) {\n    acceptInvitation(code: $code) {\n      ...ProjectFields\n    }\n  }\n"): (typeof documents)["\n  mutation AcceptInvitation($code: String!) {\n    acceptInvitation(code: $code) {\n      ...ProjectFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetProjectMember($projectId: ID!, $userName: String!, $role: ProjectRole) {\n    setProjectMember(projectId: $projectId, userName: $userName, role: $role) {\n      ...ProjectFields\n    }\n  }\n"): (typeof documents)["\n  mutation SetProjectMember($projectId: ID!, $userName: String!, $role: ProjectRole) {\n    setProjectMember(projectId: $projectId, userName: $userName, role: $role) {\n      ...ProjectFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LeaveProject($projectId: ID!, $userName: String!) {\n    setProjectMember(projectId: $projectId, userName: $userName) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation LeaveProject($projectId: ID!, $userName: String!) {\n    setProjectMember(projectId: $projectId, userName: $userName) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MuteProject($id: ID!, $muted: Boolean!) {\n    muteProject(id: $id, muted: $muted) {\n      ...ProjectFields\n    }\n  }\n"): (typeof documents)["\n  mutation MuteProject($id: ID!, $muted: Boolean!) {\n    muteProject(id: $id, muted: $muted) {\n      ...ProjectFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SimilarIntents($id: ID!) {\n    intent(id: $id) {\n      id\n      similar(first: 5) {\n        node {\n          ... on Node {\n            ...SubjectFields\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query SimilarIntents($id: ID!) {\n    intent(id: $id) {\n      id\n      similar(first: 5) {\n        node {\n          ... on Node {\n            ...SubjectFields\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SearchEverything($projectId: ID, $query: String!, $kinds: [SearchKind!]) {\n    search(projectId: $projectId, query: $query, kinds: $kinds, first: 20) {\n      ...HitFields\n      reasons\n      also {\n        ...HitFields\n      }\n    }\n  }\n\n  fragment HitFields on SearchHit {\n    snippet\n    occurredAt\n    rating\n    node {\n      ... on Node {\n        ...SubjectFields\n      }\n      ... on Decision {\n        validUntil\n      }\n    }\n  }\n"): (typeof documents)["\n  query SearchEverything($projectId: ID, $query: String!, $kinds: [SearchKind!]) {\n    search(projectId: $projectId, query: $query, kinds: $kinds, first: 20) {\n      ...HitFields\n      reasons\n      also {\n        ...HitFields\n      }\n    }\n  }\n\n  fragment HitFields on SearchHit {\n    snippet\n    occurredAt\n    rating\n    node {\n      ... on Node {\n        ...SubjectFields\n      }\n      ... on Decision {\n        validUntil\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RateSearchHit($input: RateSearchHitInput!) {\n    rateSearchHit(input: $input)\n  }\n"): (typeof documents)["\n  mutation RateSearchHit($input: RateSearchHitInput!) {\n    rateSearchHit(input: $input)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ForgetMemory($id: ID!) {\n    deleteMemory(id: $id)\n  }\n"): (typeof documents)["\n  mutation ForgetMemory($id: ID!) {\n    deleteMemory(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ViewerSettings {\n    viewer {\n      id\n      displayName\n      role\n      access\n      timezone\n      chosenTimezone\n      availableModels\n      assistant {\n        name\n        model\n        offline\n      }\n    }\n  }\n"): (typeof documents)["\n  query ViewerSettings {\n    viewer {\n      id\n      displayName\n      role\n      access\n      timezone\n      chosenTimezone\n      availableModels\n      assistant {\n        name\n        model\n        offline\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReportDeviceZone($zone: String!) {\n    updateViewer(input: { deviceTimezone: $zone }) {\n      id\n      timezone\n    }\n  }\n"): (typeof documents)["\n  mutation ReportDeviceZone($zone: String!) {\n    updateViewer(input: { deviceTimezone: $zone }) {\n      id\n      timezone\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChooseZone($zone: String, $device: String, $follow: Boolean!) {\n    updateViewer(input: { timezone: $zone, deviceTimezone: $device, followDevice: $follow }) {\n      id\n      timezone\n      chosenTimezone\n    }\n  }\n"): (typeof documents)["\n  mutation ChooseZone($zone: String, $device: String, $follow: Boolean!) {\n    updateViewer(input: { timezone: $zone, deviceTimezone: $device, followDevice: $follow }) {\n      id\n      timezone\n      chosenTimezone\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    signOut\n  }\n"): (typeof documents)["\n  mutation SignOut {\n    signOut\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ModelConfigurationFields on ModelConfiguration {\n    model\n    baseUrl\n    hasKey\n    furtherModels\n    fromEnvironment\n  }\n"): (typeof documents)["\n  fragment ModelConfigurationFields on ModelConfiguration {\n    model\n    baseUrl\n    hasKey\n    furtherModels\n    fromEnvironment\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ModelSettings {\n    modelConfiguration {\n      ...ModelConfigurationFields\n    }\n  }\n"): (typeof documents)["\n  query ModelSettings {\n    modelConfiguration {\n      ...ModelConfigurationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveModel($input: ModelConfigurationInput!) {\n    saveModelConfiguration(input: $input) {\n      ...ModelConfigurationFields\n    }\n  }\n"): (typeof documents)["\n  mutation SaveModel($input: ModelConfigurationInput!) {\n    saveModelConfiguration(input: $input) {\n      ...ModelConfigurationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveModel {\n    removeModelConfiguration {\n      ...ModelConfigurationFields\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveModel {\n    removeModelConfiguration {\n      ...ModelConfigurationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TestModel($input: ModelConfigurationInput!) {\n    testModelConfiguration(input: $input)\n  }\n"): (typeof documents)["\n  mutation TestModel($input: ModelConfigurationInput!) {\n    testModelConfiguration(input: $input)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SpecificationFields on Specification {\n    id\n    project {\n      id\n    }\n    title\n    content\n    version\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n"): (typeof documents)["\n  fragment SpecificationFields on Specification {\n    id\n    project {\n      id\n    }\n    title\n    content\n    version\n    status\n    tags\n    createdAt\n    updatedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SpecificationList($projectId: ID, $after: String, $status: [SpecificationStatus!]) {\n    specifications(projectId: $projectId, first: 50, after: $after, status: $status) {\n      edges {\n        node {\n          ...SpecificationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query SpecificationList($projectId: ID, $after: String, $status: [SpecificationStatus!]) {\n    specifications(projectId: $projectId, first: 50, after: $after, status: $status) {\n      edges {\n        node {\n          ...SpecificationFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneSpecification($id: ID!) {\n    specification(id: $id) {\n      ...SpecificationFields\n    }\n  }\n"): (typeof documents)["\n  query OneSpecification($id: ID!) {\n    specification(id: $id) {\n      ...SpecificationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SpecificationRevisions($id: ID!) {\n    specification(id: $id) {\n      id\n      revisions {\n        version\n        title\n        content\n        status\n        author\n        createdAt\n      }\n    }\n  }\n"): (typeof documents)["\n  query SpecificationRevisions($id: ID!) {\n    specification(id: $id) {\n      id\n      revisions {\n        version\n        title\n        content\n        status\n        author\n        createdAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveSpecification($input: SaveSpecificationInput!) {\n    saveSpecification(input: $input) {\n      ...SpecificationFields\n    }\n  }\n"): (typeof documents)["\n  mutation SaveSpecification($input: SaveSpecificationInput!) {\n    saveSpecification(input: $input) {\n      ...SpecificationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestoreSpecification($id: ID!, $version: Int!) {\n    restoreSpecification(id: $id, version: $version) {\n      ...SpecificationFields\n    }\n  }\n"): (typeof documents)["\n  mutation RestoreSpecification($id: ID!, $version: Int!) {\n    restoreSpecification(id: $id, version: $version) {\n      ...SpecificationFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteSpecification($id: ID!) {\n    deleteSpecification(id: $id)\n  }\n"): (typeof documents)["\n  mutation DeleteSpecification($id: ID!) {\n    deleteSpecification(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TokenFields on Token {\n    id\n    name\n    hint\n    createdAt\n    lastUsedAt\n    expiresAt\n    readOnly\n    oneProject\n    project {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment TokenFields on Token {\n    id\n    name\n    hint\n    createdAt\n    lastUsedAt\n    expiresAt\n    readOnly\n    oneProject\n    project {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TokenList($after: String) {\n    tokens(first: 100, after: $after) {\n      edges {\n        node {\n          ...TokenFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query TokenList($after: String) {\n    tokens(first: 100, after: $after) {\n      edges {\n        node {\n          ...TokenFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      secret\n      token {\n        ...TokenFields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      secret\n      token {\n        ...TokenFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeToken($id: ID!) {\n    revokeToken(id: $id) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeToken($id: ID!) {\n    revokeToken(id: $id) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Trace($id: ID!) {\n    trace(id: $id) {\n      kind\n      subjectId\n      causedBy\n      payload\n      createdAt\n    }\n  }\n"): (typeof documents)["\n  query Trace($id: ID!) {\n    trace(id: $id) {\n      kind\n      subjectId\n      causedBy\n      payload\n      createdAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TracedSubject($id: ID!) {\n    node(id: $id) {\n      ...SubjectFields\n    }\n  }\n"): (typeof documents)["\n  query TracedSubject($id: ID!) {\n    node(id: $id) {\n      ...SubjectFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Trash($projectId: ID, $after: String) {\n    trash(projectId: $projectId, first: 50, after: $after) {\n      edges {\n        deletedAt\n        deletedBy\n        node {\n          id\n          ...SubjectFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Trash($projectId: ID, $after: String) {\n    trash(projectId: $projectId, first: 50, after: $after) {\n      edges {\n        deletedAt\n        deletedBy\n        node {\n          id\n          ...SubjectFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WebhookFields on Webhook {\n    id\n    url\n    description\n    kinds\n    enabled\n    disabledReason\n    disabledReasonKey\n    failingSince\n    lastAttemptAt\n    nextAttemptAt\n    pendingCount\n    deadCount\n  }\n"): (typeof documents)["\n  fragment WebhookFields on Webhook {\n    id\n    url\n    description\n    kinds\n    enabled\n    disabledReason\n    disabledReasonKey\n    failingSince\n    lastAttemptAt\n    nextAttemptAt\n    pendingCount\n    deadCount\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeliveryFields on WebhookDelivery {\n    id\n    type\n    occurredAt\n    status\n    attempts\n    nextAttemptAt\n    lastAttemptAt\n    httpStatus\n    error\n    errorKey\n    errorParams\n  }\n"): (typeof documents)["\n  fragment DeliveryFields on WebhookDelivery {\n    id\n    type\n    occurredAt\n    status\n    attempts\n    nextAttemptAt\n    lastAttemptAt\n    httpStatus\n    error\n    errorKey\n    errorParams\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WebhookList($projectId: ID!) {\n    webhooks(projectId: $projectId) {\n      ...WebhookFields\n    }\n  }\n"): (typeof documents)["\n  query WebhookList($projectId: ID!) {\n    webhooks(projectId: $projectId) {\n      ...WebhookFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WebhookDeliveries($projectId: ID!, $status: DeliveryStatus, $first: Int!) {\n    webhooks(projectId: $projectId) {\n      id\n      deliveries(status: $status, first: $first) {\n        edges {\n          node {\n            ...DeliveryFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query WebhookDeliveries($projectId: ID!, $status: DeliveryStatus, $first: Int!) {\n    webhooks(projectId: $projectId) {\n      id\n      deliveries(status: $status, first: $first) {\n        edges {\n          node {\n            ...DeliveryFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveWebhook($input: SaveWebhookInput!) {\n    saveWebhook(input: $input) {\n      secret\n      webhook {\n        ...WebhookFields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveWebhook($input: SaveWebhookInput!) {\n    saveWebhook(input: $input) {\n      secret\n      webhook {\n        ...WebhookFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteWebhook($id: ID!) {\n    deleteWebhook(id: $id)\n  }\n"): (typeof documents)["\n  mutation DeleteWebhook($id: ID!) {\n    deleteWebhook(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RotateWebhookSecret($id: ID!) {\n    rotateWebhookSecret(id: $id)\n  }\n"): (typeof documents)["\n  mutation RotateWebhookSecret($id: ID!) {\n    rotateWebhookSecret(id: $id)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SendTestWebhook($id: ID!) {\n    sendTestWebhook(id: $id) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation SendTestWebhook($id: ID!) {\n    sendTestWebhook(id: $id) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReplayWebhookDeliveries($id: ID!, $deliveryIds: [ID!]) {\n    replayWebhookDeliveries(id: $id, deliveryIds: $deliveryIds)\n  }\n"): (typeof documents)["\n  mutation ReplayWebhookDeliveries($id: ID!, $deliveryIds: [ID!]) {\n    replayWebhookDeliveries(id: $id, deliveryIds: $deliveryIds)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LatestCursor {\n    latestCursor\n  }\n"): (typeof documents)["\n  query LatestCursor {\n    latestCursor\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription EventAppended($projectId: ID, $kinds: [EventKind!], $after: String) {\n    eventAppended(projectId: $projectId, kinds: $kinds, after: $after) {\n      cursor\n      kind\n      subjectId\n      causedBy\n      payload\n      createdAt\n    }\n  }\n"): (typeof documents)["\n  subscription EventAppended($projectId: ID, $kinds: [EventKind!], $after: String) {\n    eventAppended(projectId: $projectId, kinds: $kinds, after: $after) {\n      cursor\n      kind\n      subjectId\n      causedBy\n      payload\n      createdAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReversalPreview($id: ID!) {\n    previewReversalNotice(decisionId: $id) {\n      text\n      key\n      params\n    }\n    previewReversal(decisionId: $id) {\n      reason\n      key\n      params\n      node {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReversalPreview($id: ID!) {\n    previewReversalNotice(decisionId: $id) {\n      text\n      key\n      params\n    }\n    previewReversal(decisionId: $id) {\n      reason\n      key\n      params\n      node {\n        ... on Node {\n          ...SubjectFields\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SubjectFields on Node {\n    __typename\n    ... on Conversation {\n      id\n      project {\n        id\n        slug\n      }\n      title\n    }\n    ... on Message {\n      id\n      content\n      messageType\n      conversation {\n        id\n        project {\n          id\n          slug\n        }\n      }\n    }\n    ... on Intent {\n      id\n      project {\n        id\n        slug\n      }\n      description\n      status\n    }\n    ... on Notification {\n      id\n      title\n      message\n      key\n      params\n    }\n    ... on Specification {\n      id\n      project {\n        id\n        slug\n      }\n      title\n    }\n    ... on Decision {\n      id\n      project {\n        id\n        slug\n      }\n      number\n      title\n      decisionStatus: status\n    }\n    ... on Memory {\n      id\n      content\n      # Null when it is about the person; fields of one name may not differ in that.\n      memoryProject: project {\n        id\n        slug\n      }\n    }\n    ... on Project {\n      id\n      name\n      slug\n    }\n    ... on Contradiction {\n      id\n      explanation\n      key\n      params\n      intent {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      decision {\n        id\n        project {\n          id\n          slug\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment SubjectFields on Node {\n    __typename\n    ... on Conversation {\n      id\n      project {\n        id\n        slug\n      }\n      title\n    }\n    ... on Message {\n      id\n      content\n      messageType\n      conversation {\n        id\n        project {\n          id\n          slug\n        }\n      }\n    }\n    ... on Intent {\n      id\n      project {\n        id\n        slug\n      }\n      description\n      status\n    }\n    ... on Notification {\n      id\n      title\n      message\n      key\n      params\n    }\n    ... on Specification {\n      id\n      project {\n        id\n        slug\n      }\n      title\n    }\n    ... on Decision {\n      id\n      project {\n        id\n        slug\n      }\n      number\n      title\n      decisionStatus: status\n    }\n    ... on Memory {\n      id\n      content\n      # Null when it is about the person; fields of one name may not differ in that.\n      memoryProject: project {\n        id\n        slug\n      }\n    }\n    ... on Project {\n      id\n      name\n      slug\n    }\n    ... on Contradiction {\n      id\n      explanation\n      key\n      params\n      intent {\n        id\n        project {\n          id\n          slug\n        }\n      }\n      decision {\n        id\n        project {\n          id\n          slug\n        }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;