// Microsoft's Graph client for JavaScript goes through the life of a workflow. Says nothing if all is as it should be.
//
// usage: lifecycle_workflows.mjs BASE-URL v1.0|beta    with the token in TENURE_TOKEN

import { load, same, until } from './tools.mjs';

const { Client, GraphError, PageIterator } = await load('@microsoft/microsoft-graph-client');

const ENABLE = '6fc52c9d-398b-4305-9763-15f42c1676fc';
const ADD_TO_GROUPS = '22085229-5809-45e8-97fd-270d28d66910';
const WORKFLOWS = '/identityGovernance/lifecycleWorkflows/workflows';
const DELETED = '/identityGovernance/lifecycleWorkflows/deletedItems/workflows';
const SPACE = 'microsoft.graph.identityGovernance';

const [, , baseUrl, defaultVersion] = process.argv;
const token = process.env.TENURE_TOKEN;

function client(token) {
  // The client sends no token to a host that it does not know, and none without TLS.
  const customHosts = new Set([new URL(baseUrl).hostname]);
  return Client.init({ authProvider: (done) => done(null, token), baseUrl, defaultVersion, customHosts });
}

const graph = client(token);

async function refused(call, status, code, said) {
  try {
    same(`a refusal with ${status}`, await call, undefined);
  } catch (error) {
    same(`a refusal: ${error}`, error instanceof GraphError, true);
    same('the status and code', [error.statusCode, error.code], [status, code]);
    same(`that '${error.message}' says ${said}`, error.message.includes(said), true);
    same('that the request has an id', Boolean(error.requestId), true);
  }
}

/** Pages of one item each, followed to the end by the client's own iterator. */
async function paged(request) {
  const items = [];
  const first = await request.top(1).get();
  same('the length of a page', first.value.length <= 1, true);
  const iterator = new PageIterator(graph, first, (item) => items.push(item) > 0);
  await iterator.iterate();
  same('that the list came to its end', iterator.isComplete(), true);
  return items;
}

const user = (name) =>
  graph.api('/users').post({
    displayName: name,
    userPrincipalName: `${name}@example.com`.toLowerCase(),
    mailNickname: name.toLowerCase(),
    department: 'Sales',
    accountEnabled: false,
  });
const [ann, bo] = [await user('Ann'), await user('Bo')];
const group = await graph.api('/groups').post({
  displayName: 'sales', mailNickname: 'sales', mailEnabled: false, securityEnabled: true, groupTypes: [],
});

const task = (taskDefinitionId, displayName, args) => ({
  taskDefinitionId, displayName, isEnabled: true, arguments: args ?? [],
});
const joiner = (displayName, ...further) => ({
  category: 'joiner',
  displayName,
  description: 'Opens accounts',
  isEnabled: true,
  isSchedulingEnabled: false,
  executionConditions: {
    '@odata.type': `#${SPACE}.triggerAndScopeBasedConditions`,
    scope: { '@odata.type': `#${SPACE}.ruleBasedSubjectSet`, rule: "department eq 'Sales'" },
    trigger: {
      '@odata.type': `#${SPACE}.timeBasedAttributeTrigger`,
      timeBasedAttribute: 'employeeHireDate',
      offsetInDays: 1,
    },
  },
  tasks: [task(ENABLE, 'Enable'), ...further],
});

// Create, get, list.
const made = await graph.api(WORKFLOWS).post(joiner('First day'));
same('a new workflow', [made.displayName, made.version, made.category], ['First day', 1, 'joiner']);
await graph.api(WORKFLOWS).post(joiner('Second day'));
await graph.api(WORKFLOWS).post(joiner('Third day'));
const workflow = `${WORKFLOWS}/${made.id}`;
const found = await graph.api(workflow).get();
same('its tasks', found.tasks.map((task) => task.displayName), ['Enable']);
same('its rule', found.executionConditions.scope.rule, "department eq 'Sales'");
const days = await paged(
  graph.api(WORKFLOWS).filter("category eq 'joiner' and displayName ne 'Second day'").orderby('displayName'),
);
same('the filtered list', days.map((one) => one.displayName), ['First day', 'Third day']);
const counted = await graph.api(WORKFLOWS).count(true).select('displayName').get();
same('the number of workflows', [counted['@odata.count'], counted.value.length], [3, 3]);
same('a page in a link', (await graph.api(WORKFLOWS).top(1).get())['@odata.nextLink'].startsWith(baseUrl), true);

// Change it, in place and by a new version.
same('the answer to a patch', await graph.api(workflow).patch({ description: 'Opens doors' }), undefined);
const next = await graph.api(`${workflow}/createNewVersion`).post({
  workflow: joiner(
    'First day, again',
    task(ADD_TO_GROUPS, 'To sales', [{ name: 'groupID', value: group.id }]),
  ),
});
same('the new version', [next.id, next.version, next.displayName], [made.id, 2, 'First day, again']);
const versions = await paged(graph.api(`${workflow}/versions`));
same('all versions', versions.map((version) => version.versionNumber).sort(), [1, 2]);

// Run it.
const activate = { subjects: [{ id: ann.id }, { id: bo.id }] };
same('the answer to activate', await graph.api(`${workflow}/${SPACE}.activate`).post(activate), undefined);
const runs = await until(
  'the run',
  async () => (await graph.api(`${workflow}/runs`).get()).value,
  (runs) => runs.length === 1 && runs[0].processingStatus === 'completed',
);
const facts = (run) => [run.workflowExecutionType, run.totalUsersCount, run.successfulUsersCount, run.totalTasksCount];
same('the run', facts(runs[0]), ['onDemand', 2, 2, 4]);
same('the run by its id', facts(await graph.api(`${workflow}/runs/${runs[0].id}`).get()), facts(runs[0]));

// Its results.
const results = await paged(
  graph.api(`${workflow}/userProcessingResults`).filter("processingStatus eq 'completed'").expand('subject'),
);
same('who was processed', results.map((result) => result.subject.displayName).sort(), ['Ann', 'Bo']);
const ofRun = await graph.api(`${workflow}/runs/${runs[0].id}/userProcessingResults`).get();
same('the results of the run', ofRun.value.map((result) => result.id).sort(), results.map((result) => result.id).sort());
const anns = results.find((result) => result.subject.id === ann.id);
const tasks = (await graph.api(`${workflow}/userProcessingResults/${anns.id}/taskProcessingResults`).get()).value;
same(
  "Ann's tasks",
  tasks.map((result) => [result.task.displayName, result.processingStatus]),
  [['Enable', 'completed'], ['To sales', 'completed']],
);
const start = new Date(Date.now() - 86_400_000).toISOString();
const end = new Date(Date.now() + 86_400_000).toISOString();
const summary = (of) => graph.api(`${workflow}/${of}/summary(startDateTime=${start},endDateTime=${end})`).get();
const users = await summary('userProcessingResults');
same('the summary of people', [users.totalUsers, users.successfulUsers, users.totalTasks], [2, 2, 4]);
const ofRuns = await summary('runs');
same('the summary of runs', [ofRuns.totalRuns, ofRuns.successfulRuns, ofRuns.totalUsers], [1, 1, 2]);
const reports = (await graph.api(`${workflow}/taskReports`).get()).value;
same('the task reports', reports.map((report) => report.successfulUsersCount), [2, 2]);
const enabled = await graph.api(`/users/${ann.id}`).select(['accountEnabled']).get();
same("Ann's account", enabled.accountEnabled, true);
const members = await paged(graph.api(`/groups/${group.id}/members`));
same('the members', members.map((member) => member.id).sort(), [ann.id, bo.id].sort());

// Delete and restore it.
same('the answer to delete', await graph.api(workflow).delete(), undefined);
await refused(graph.api(workflow).get(), 404, 'ResourceNotFound', made.id);
const deleted = (await graph.api(DELETED).get()).value;
same('what is deleted', deleted.map((one) => [one.id, one.displayName]), [[made.id, 'First day, again']]);
same('its results', (await graph.api(`${DELETED}/${made.id}/userProcessingResults`).get()).value.length, 2);
const back = await graph.api(`${DELETED}/${made.id}/${SPACE}.restore`).post({});
same('what is restored', [back.id, back.version], [made.id, 2]);
same('what is left', (await graph.api(DELETED).get()).value, []);
same('it, again', (await graph.api(workflow).get()).version, 2);

// Errors are the client's own.
await refused(graph.api(WORKFLOWS).post({ ...joiner('Bad'), category: 'retiree' }), 400, 'BadRequest', 'category');
await refused(graph.api(WORKFLOWS).filter('nonsense eq 1').get(), 400, 'BadRequest', 'nonsense');
await refused(client('wrong').api(WORKFLOWS).get(), 401, 'InvalidAuthenticationToken', 'token');
