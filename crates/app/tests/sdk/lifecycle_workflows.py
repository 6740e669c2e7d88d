"""A Graph SDK goes through the life of workflows. Says nothing if all is as it should be.

usage: lifecycle_workflows.py msgraph|msgraph_beta BASE-URL    with the token in TENURE_TOKEN
"""

import asyncio
import os
import sys
import time
from datetime import datetime, timedelta, timezone

from client import Sdk, asking

ENABLE = "6fc52c9d-398b-4305-9763-15f42c1676fc"
ADD_TO_GROUPS = "22085229-5809-45e8-97fd-270d28d66910"
WELCOME_MAIL = "70b29d51-b59a-4773-9280-8841dfd3f2ea"
NOBODY = "00000000-0000-4000-8000-000000000000"
NOW = datetime.now(timezone.utc)
TODAY = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
SPAN = {"start_date_time": NOW - timedelta(days=1), "end_date_time": NOW + timedelta(days=1)}


def same(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found!r} instead of {wanted!r}")


class Story:
    def __init__(self, package, base, token):
        self.sdk = Sdk(package)
        self.base = base
        self.graph = self.sdk.client(base, token)
        self.workflows = self.graph.identity_governance.lifecycle_workflows.workflows
        self.deleted = self.graph.identity_governance.lifecycle_workflows.deleted_items.workflows
        self.statuses = self.sdk.LifecycleWorkflowProcessingStatus

    async def run(self):
        await self.people_and_groups()
        await self.create()
        await self.read()
        await self.activate()
        await self.results()
        await self.reports_and_summaries()
        await self.let_it_run_by_itself()
        await self.versions()
        await self.by_hand()
        await self.delete_and_restore()
        await self.errors()

    async def people_and_groups(self):
        async def user(name, mail):
            new = self.sdk.User(
                display_name=name,
                given_name=name,
                user_principal_name=f"{name}@example.com".lower(),
                mail_nickname=name.lower(),
                mail=mail,
                department="Sales",
                employee_hire_date=TODAY,
                account_enabled=False,
                password_profile=self.sdk.PasswordProfile(password="is not kept"),
            )
            made = await self.graph.users.post(new)
            same("a new user", (made.display_name, made.user_principal_name), (name, new.user_principal_name))
            return made.id

        async def group(name):
            new = self.sdk.Group(
                display_name=name, mail_nickname=name, mail_enabled=False, security_enabled=True, group_types=[]
            )
            made = await self.graph.groups.post(new)
            same("a new group", (made.display_name, made.mail_enabled, made.security_enabled), (name, False, True))
            return made.id

        self.ann, self.bo = await user("Ann", "ann@example.com"), await user("Bo", None)
        self.sales, self.project = await group("sales"), await group("project")

        users = self.graph.users
        select = ["id", "department", "employeeHireDate", "accountEnabled"]
        ann = await users.by_user_id("ann@example.com").get(asking(users.by_user_id(self.ann), select=select))
        found = (ann.id, ann.department, ann.employee_hire_date, ann.account_enabled, ann.display_name)
        same("the user, by name", found, (self.ann, "Sales", TODAY, False, None))

        reference = self.sdk.ReferenceUpdate(odata_id=f"{self.base}/users/{self.ann}")
        await users.by_user_id(self.bo).manager.ref.put(reference)
        manager = await users.by_user_id(self.bo).manager.get()
        same("the manager", (type(manager), manager.id), (self.sdk.User, self.ann))

        first = await users.get(asking(users, top=1, orderby=["displayName"], filter="department eq 'sales'"))
        second = await users.with_url(first.odata_next_link).get()
        pages = [[user.display_name for user in page.value] for page in (first, second)]
        same("two pages", (pages, second.odata_next_link), ([["Ann"], ["Bo"]], None))

    def task(self, definition, name, **more):
        arguments = [self.sdk.KeyValuePair(name=key, value=value) for key, value in more.pop("arguments", {}).items()]
        return self.sdk.Task(
            task_definition_id=definition, display_name=name, is_enabled=True, arguments=arguments, **more
        )

    def joiner(self, name, *further):
        scope = self.sdk.RuleBasedSubjectSet(rule="department eq 'Sales'")
        trigger = self.sdk.TimeBasedAttributeTrigger(
            time_based_attribute=self.sdk.WorkflowTriggerTimeBasedAttribute.EmployeeHireDate, offset_in_days=0
        )
        return self.sdk.Workflow(
            category=self.sdk.LifecycleWorkflowCategory.Joiner,
            display_name=name,
            description="Opens accounts",
            is_enabled=True,
            is_scheduling_enabled=False,
            execution_conditions=self.sdk.TriggerAndScopeBasedConditions(scope=scope, trigger=trigger),
            tasks=[
                self.task(ENABLE, "Enable"),
                self.task(ADD_TO_GROUPS, "To sales", arguments={"groupID": self.sales}),
                self.task(WELCOME_MAIL, "Welcome", continue_on_error=True),
                *further,
            ],
        )

    async def create(self):
        made = await self.workflows.post(self.joiner("First day"))
        found = (made.display_name, made.version, made.is_enabled, made.is_scheduling_enabled)
        same("a new workflow", found, ("First day", 1, True, False))
        same("its category", made.category, self.sdk.LifecycleWorkflowCategory.Joiner)
        same("its time", abs(made.created_date_time - NOW) < timedelta(minutes=5), True)
        same("its tasks, which Graph does not show here", made.tasks, None)
        self.joiner_id = made.id

        project = self.sdk.Workflow(
            category=self.sdk.LifecycleWorkflowCategory.Mover,
            display_name="Project access",
            is_enabled=True,
            is_scheduling_enabled=False,
            execution_conditions=self.sdk.OnDemandExecutionOnly(),
            tasks=[self.task(ADD_TO_GROUPS, "To the project", arguments={"groupID": self.project})],
        )
        made = await self.workflows.post(project)
        same("its conditions", type(made.execution_conditions), self.sdk.OnDemandExecutionOnly)
        self.project_id = made.id

    async def read(self):
        listed = await self.workflows.get(asking(self.workflows, orderby=["displayName desc"]))
        names = [(workflow.display_name, workflow.category.value) for workflow in listed.value]
        same("all workflows", names, [("Project access", "mover"), ("First day", "joiner")])
        listed = await self.workflows.get(asking(self.workflows, filter="category eq 'joiner'", select=["id"]))
        same("all joiners", [(workflow.id, workflow.version) for workflow in listed.value], [(self.joiner_id, None)])
        same("their number", await self.workflows.count.get(), 2)

        one = await self.workflows.by_workflow_id(self.joiner_id).get()
        conditions = one.execution_conditions
        same("conditions", type(conditions), self.sdk.TriggerAndScopeBasedConditions)
        found = (type(conditions.scope), conditions.scope.rule)
        same("the rule", found, (self.sdk.RuleBasedSubjectSet, "department eq 'Sales'"))
        trigger = conditions.trigger
        found = (type(trigger), trigger.time_based_attribute.value, trigger.offset_in_days)
        same("the trigger", found, (self.sdk.TimeBasedAttributeTrigger, "employeeHireDate", 0))
        tasks = [(task.execution_sequence, task.display_name, task.continue_on_error) for task in one.tasks]
        same("the tasks", tasks, [(1, "Enable", False), (2, "To sales", False), (3, "Welcome", True)])
        self.task_ids = [task.id for task in one.tasks]
        listed = await self.workflows.by_workflow_id(self.joiner_id).tasks.get()
        same("the list of tasks", [task.id for task in listed.value], self.task_ids)
        argument = one.tasks[1].arguments[0]
        same("an argument", (argument.name, argument.value), ("groupID", self.sales))
        definitions = await self.graph.identity_governance.lifecycle_workflows.task_definitions.get()
        same("known tasks", {ENABLE, ADD_TO_GROUPS, WELCOME_MAIL} <= {task.id for task in definitions.value}, True)

    async def activate(self):
        for workflow, people in [(self.joiner_id, [self.ann, self.bo]), (self.project_id, [self.ann])]:
            action = self.workflows.by_workflow_id(workflow).microsoft_graph_identity_governance_activate
            body = self.sdk.body_of(action, "ActivatePostRequestBody")
            body.subjects = [self.sdk.User(id=person) for person in people]
            await action.post(body)
        runs = await self.finished_runs(self.project_id, 1)
        same("the run on demand", self.facts(runs[0]), ("onDemand", "completed", 1, 1, 0, 1, 0, 0))
        members = await self.graph.groups.by_group_id(self.project).members.get()
        same("the members", [(type(member), member.id) for member in members.value], [(self.sdk.User, self.ann)])

    async def finished_runs(self, workflow, number):
        """Asks until there are so many runs and all are through."""
        runs, until = self.workflows.by_workflow_id(workflow).runs, time.monotonic() + 60
        while time.monotonic() < until:
            found = (await runs.get()).value
            if len(found) == number and all(run.completed_date_time for run in found):
                return found
            await asyncio.sleep(0.02)
        sys.exit(f"{number} runs of {workflow} were not through in time: {found!r}")

    def facts(self, run):
        return (
            run.workflow_execution_type.value,
            run.processing_status.value,
            run.total_users_count,
            run.successful_users_count,
            run.failed_users_count,
            run.total_tasks_count,
            run.failed_tasks_count,
            run.total_unprocessed_tasks_count,
        )

    async def results(self):
        """Ann went through; Bo has no mail address, which the workflow bears."""
        workflow = self.workflows.by_workflow_id(self.joiner_id)
        run = (await self.finished_runs(self.joiner_id, 1))[0]
        self.run_id = run.id
        same("the run", self.facts(run), ("onDemand", "completedWithErrors", 2, 1, 1, 6, 1, 0))
        same("its times", run.scheduled_date_time <= run.started_date_time <= run.completed_date_time, True)
        same("the run by its id", (await workflow.runs.by_run_id(run.id).get()).total_users_count, 2)

        below = workflow.user_processing_results
        listed = await below.get(asking(below, expand=["subject", "taskProcessingResults"]))
        results = {result.subject.display_name: result for result in listed.value}
        same("who was processed", sorted(results), ["Ann", "Bo"])
        for name, status, failed in [("Ann", "completed", 0), ("Bo", "completedWithErrors", 1)]:
            result = results[name]
            found = (result.processing_status.value, result.failed_tasks_count, result.total_tasks_count)
            same(f"the result of {name}", found, (status, failed, 3))
            found = (result.total_unprocessed_tasks_count, result.workflow_version, result.workflow_execution_type)
            same(f"more of {name}", found, (0, 1, self.sdk.WorkflowExecutionType.OnDemand))
        same("Bo's subject", (type(results["Bo"].subject), results["Bo"].subject.id), (self.sdk.User, self.bo))

        mail = results["Bo"].task_processing_results[2]
        found = (mail.processing_status, mail.failure_reason, mail.task.display_name, mail.task.id)
        reason = "the user has no mail address"
        same("Bo's mail", found, (self.statuses.Failed, reason, "Welcome", self.task_ids[2]))
        one = below.by_user_processing_result_id(results["Ann"].id)
        tasks = (await one.task_processing_results.get()).value
        found = [(task.task.task_definition_id, task.processing_status.value, task.failure_reason) for task in tasks]
        same("Ann's tasks", found, [(task, "completed", None) for task in (ENABLE, ADD_TO_GROUPS, WELCOME_MAIL)])
        same("Ann, below her result", (await one.subject.get()).user_principal_name, "ann@example.com")

        within = workflow.runs.by_run_id(run.id).user_processing_results
        wrong = await within.get(asking(within, filter="processingStatus eq 'completedWithErrors'"))
        found = [(result.id, result.subject.id) for result in wrong.value]
        same("who went wrong", found, [(results["Bo"].id, self.bo)])
        for person in (self.ann, self.bo):
            user = self.graph.users.by_user_id(person)
            same("an account", (await user.get(asking(user, select=["accountEnabled"]))).account_enabled, True)
        groups = (await self.graph.users.by_user_id(self.bo).member_of.get()).value
        same("Bo's groups", [(type(group), group.id) for group in groups], [(self.sdk.Group, self.sales)])

    async def reports_and_summaries(self):
        workflow = self.workflows.by_workflow_id(self.joiner_id)
        reports = (await workflow.task_reports.get()).value
        found = [
            (report.run_id, report.task.id, report.task_definition.id, report.total_users_count)
            + (report.successful_users_count, report.failed_users_count, report.unprocessed_users_count)
            for report in reports
        ]
        definitions = zip(self.task_ids, (ENABLE, ADD_TO_GROUPS, WELCOME_MAIL), (0, 0, 1))
        wanted = [(self.run_id, task, kind, 2, 2 - failed, failed, 0) for task, kind, failed in definitions]
        same("the task reports", sorted(found), sorted(wanted))
        mails = next(report for report in reports if report.task_definition.id == WELCOME_MAIL)
        below = workflow.task_reports.by_task_report_id(mails.id).task_processing_results
        statuses = [result.processing_status.value for result in (await below.get()).value]
        same("the results of a report", sorted(statuses), ["completed", "failed"])

        def summary(of):
            return of.microsoft_graph_identity_governance_summary_with_start_date_time_with_end_date_time(**SPAN)

        runs = await summary(workflow.runs).get()
        found = (runs.total_runs, runs.successful_runs, runs.failed_runs)
        same("the summary of runs", found, (1, 0, 1))
        same("what they did", (runs.total_users, runs.total_tasks, runs.failed_tasks), (2, 6, 1))
        users = await summary(workflow.user_processing_results).get()
        found = (users.total_users, users.successful_users, users.failed_users, users.total_tasks, users.failed_tasks)
        same("the summary of people", found, (2, 1, 1, 6, 1))
        tasks = await summary(workflow.task_reports).get()
        found = (tasks.total_tasks, tasks.successful_tasks, tasks.failed_tasks, tasks.unprocessed_tasks)
        same("the summary of tasks", found, (6, 5, 1, 0))

    async def let_it_run_by_itself(self):
        """Their hire date is today, and what was run by hand does not count as the occasion."""
        workflow = self.workflows.by_workflow_id(self.joiner_id)
        await workflow.patch(self.sdk.Workflow(is_scheduling_enabled=True, description="Runs by itself"))
        runs = await self.finished_runs(self.joiner_id, 2)
        same("the newest run", self.facts(runs[0]), ("scheduled", "completedWithErrors", 2, 1, 1, 6, 1, 0))
        changed = await workflow.get()
        found = (changed.is_scheduling_enabled, changed.description, changed.version)
        same("the changed workflow", found, (True, "Runs by itself", 1))
        same("its next run", changed.next_schedule_run_date_time > NOW, True)

    async def versions(self):
        workflow = self.workflows.by_workflow_id(self.joiner_id)
        action = workflow.microsoft_graph_identity_governance_create_new_version
        body = self.sdk.body_of(action, "CreateNewVersionPostRequestBody")
        further = self.task(ADD_TO_GROUPS, "To the project", arguments={"groupID": self.project})
        body.workflow = self.joiner("First day, again", further)
        made = await action.post(body)
        same("the new version", (made.id, made.version, made.display_name), (self.joiner_id, 2, "First day, again"))
        versions = (await workflow.versions.get(asking(workflow.versions, orderby=["versionNumber"]))).value
        found = [(version.version_number, version.display_name) for version in versions]
        same("all versions", found, [(1, "First day"), (2, "First day, again")])
        for number, tasks in [(1, 3), (2, 4)]:
            version = await workflow.versions.by_workflow_version_version_number(number).get()
            same(f"version {number}", (version.version_number, len(version.tasks)), (number, tasks))
        old = (await workflow.runs.by_run_id(self.run_id).user_processing_results.get()).value
        same("old results", [result.workflow_version for result in old], [1, 1])

    async def by_hand(self):
        """Bo is looked at, run for, and run for again once he has an address; then all of it goes for good."""
        made = await self.workflows.post(
            self.sdk.Workflow(
                category=self.sdk.LifecycleWorkflowCategory.Joiner,
                display_name="By hand",
                execution_conditions=self.sdk.OnDemandExecutionOnly(),
                tasks=[self.task(ADD_TO_GROUPS, "In", arguments={"groupID": self.project}), self.task(WELCOME_MAIL, "Hi")],
            )
        )
        workflow = self.workflows.by_workflow_id(made.id)
        action = workflow.microsoft_graph_identity_governance_preview_task_failures
        same("tasks that would fail", (await action.post()).value, [])

        action = workflow.microsoft_graph_identity_governance_preview_workflow
        body = self.sdk.body_of(action, "PreviewWorkflowPostRequestBody")
        body.subjects = [self.sdk.User(id=self.bo)]
        await action.post(body)
        preview = (await self.finished_runs(made.id, 1))[0]
        same("the preview", self.facts(preview), ("preview", "completedWithErrors", 1, 0, 1, 2, 1, 0))
        told = (await workflow.runs.by_run_id(preview.id).task_processing_results.get()).value
        found = [(task.processing_info, task.failure_reason) for task in told]
        wanted = [("would add the user to the group 'project'", None), (None, "the user has no mail address")]
        same("what it says", found, wanted)
        members = await self.graph.groups.by_group_id(self.project).members.get()
        same("nobody was added", [member.id for member in members.value], [self.ann])

        action = workflow.microsoft_graph_identity_governance_activate_with_scope
        body = self.sdk.body_of(action, "ActivateWithScopePostRequestBody")
        body.scope = self.sdk.ActivateUserScope(users=[self.sdk.User(id=self.bo)])
        await action.post(body)
        run = (await self.finished_runs(made.id, 2))[0]
        same("the run", self.facts(run), ("activatedWithScope", "completedWithErrors", 1, 0, 1, 2, 1, 0))
        same("what it was for", type(run.activated_on_scope), self.sdk.ActivateUserScope)

        await self.graph.users.by_user_id(self.bo).patch(self.sdk.User(mail="bo@example.com"))
        choices = self.sdk.ActivationTaskScopeType, self.sdk.ActivationUserScopeType
        body.scope = self.sdk.ActivateRunScope(
            run=self.sdk.Run(id=run.id), task_scope=choices[0].FailedTasks, user_scope=choices[1].FailedUsers
        )
        await action.post(body)
        again = (await self.finished_runs(made.id, 3))[0]
        same("the repeat", self.facts(again), ("activatedWithScope", "completed", 1, 1, 0, 1, 0, 0))
        repeats = (await workflow.runs.by_run_id(run.id).reprocessed_runs.get()).value
        same("the run says so", [repeat.id for repeat in repeats], [again.id])
        one = (await workflow.runs.by_run_id(run.id).user_processing_results.get()).value[0]
        below = workflow.user_processing_results.by_user_processing_result_id(one.id).reprocessed_runs
        same("and the result", [repeat.id for repeat in (await below.get()).value], [again.id])
        subjects = (await workflow.subject_processing_results.get()).value
        kinds = {type(result.subject) for result in subjects}
        same("the results by subject", (len(subjects), kinds), (3, {self.sdk.DirectoryObjectWorkflowSubject}))

        action = workflow.microsoft_graph_identity_governance_cancel_processing
        body = self.sdk.body_of(action, "CancelProcessingPostRequestBody")
        body.scope = self.sdk.CancelRunsScope(runs=[self.sdk.Run(id=again.id)])
        await self.refused(action.post(body), 409, "Conflict", "finished")
        same("who would be processed by themselves", (await workflow.execution_scope.get()).value, [])
        scheduled = self.workflows.by_workflow_id(self.joiner_id)
        found = {result.subject.id for result in (await scheduled.execution_scope.get()).value}
        same("and by a schedule", found <= {self.ann, self.bo}, True)

        await workflow.delete()
        await self.deleted.by_workflow_id(made.id).delete()
        same("what is deleted for good", (await self.deleted.get()).value, [])
        await self.refused(self.deleted.by_workflow_id(made.id).get(), 404, "ResourceNotFound", made.id)

    async def delete_and_restore(self):
        await self.workflows.by_workflow_id(self.joiner_id).delete()
        await self.refused(self.workflows.by_workflow_id(self.joiner_id).get(), 404, "ResourceNotFound", self.joiner_id)
        listed = (await self.deleted.get()).value
        found = [(workflow.id, workflow.deleted_date_time >= NOW) for workflow in listed]
        same("what is deleted", found, [(self.joiner_id, True)])
        gone = self.deleted.by_workflow_id(self.joiner_id)
        same("its name", (await gone.get()).display_name, "First day, again")
        same("its runs", [run.total_users_count for run in (await gone.runs.get()).value], [2, 2])
        same("its results", len((await gone.user_processing_results.get()).value), 4)

        back = await gone.microsoft_graph_identity_governance_restore.post()
        found = (back.id, back.version, back.deleted_date_time, back.is_scheduling_enabled)
        same("what is restored", found, (self.joiner_id, 2, None, False))
        same("what is left", (await self.deleted.get()).value, [])
        same("it, again", (await self.workflows.by_workflow_id(self.joiner_id).get()).version, 2)

    async def refused(self, call, status, code, said, target=None):
        try:
            done = await call
        except self.sdk.ODataError as error:
            same("the status", error.response_status_code, status)
            same("the code", error.error.code, code)
            same(f"that '{error.error.message}' says {said}", said in error.error.message, True)
            same("the target", error.error.target, target)
            same("that the request has an id", bool(error.error.inner_error.request_id), True)
        else:
            sys.exit(f"this was not refused with {status} {code}: {done!r}")

    async def errors(self):
        bad = self.joiner("Bad")
        bad.category = None
        bad.additional_data = {"category": "retiree"}
        await self.refused(self.workflows.post(bad), 400, "BadRequest", "category", "category")
        bad = self.joiner("Bad")
        bad.category = self.sdk.LifecycleWorkflowCategory.Extensibility
        await self.refused(self.workflows.post(bad), 400, "BadRequest", "category", "category")
        bad = self.joiner("Bad")
        bad.execution_conditions.scope.rule = "department eq"
        target = "executionConditions/scope/rule"
        await self.refused(self.workflows.post(bad), 400, "BadRequest", target, target)
        same("that nothing was made", await self.workflows.count.get(), 2)

        action = self.workflows.by_workflow_id(self.joiner_id).microsoft_graph_identity_governance_activate
        body = self.sdk.body_of(action, "ActivatePostRequestBody")
        body.subjects = [self.sdk.User(id=self.ann), self.sdk.User(id=NOBODY)]
        await self.refused(action.post(body), 400, "BadRequest", NOBODY, "subjects/1/id")
        same("that nothing ran", len((await self.workflows.by_workflow_id(self.joiner_id).runs.get()).value), 2)

        stranger = self.sdk.client(self.base, "wrong").identity_governance.lifecycle_workflows.workflows
        await self.refused(stranger.get(), 401, "InvalidAuthenticationToken", "")


asyncio.run(Story(sys.argv[1], sys.argv[2], os.environ["TENURE_TOKEN"]).run())
