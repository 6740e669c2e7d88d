//! English.

use super::{Language, Text, month};

pub(super) static LANGUAGE: Language = Language {
    tag: "en",
    texts: [
        // Welcome
        Text {
            subject: "Welcome, {{userDisplayName}}",
            body: "Hello {{userDisplayName}},\n\n\
                   Welcome! We look forward to working with you. Here is what you need to get started:\n\n\
                   First day: {{userEmployeeHireDate}}\n\
                   Sign-in name: {{userPrincipalName}}\n\
                   Job title: {{user.jobTitle}}\n\
                   Department: {{user.department}}\n\
                   Manager: {{managerDisplayName}}\n\n\
                   If anything is unclear, before or after your first day, please ask your manager, who \
                   will also tell you where to come and how to sign in for the first time.\n\n\
                   We wish you a good start.",
        },
        // Pass
        Text {
            subject: "Temporary access pass for {{userDisplayName}}",
            body: "Hello {{recipientDisplayName}},\n\n\
                   A temporary access pass has been created for {{userDisplayName}}. It is for the first \
                   sign-in, during which a permanent way to sign in can be set up.\n\n\
                   Sign-in name: {{userPrincipalName}}\n\
                   Temporary access pass: {{temporaryAccessPass}}\n\
                   Valid from: {{passStart}}\n\
                   Valid for: {{passLifetime}} minutes\n\n\
                   If the pass is meant for someone else, please hand it over in person or in another safe \
                   way. Please do not forward this mail.\n\n\
                   Anyone who knows the pass can sign in with it. Please keep it confidential, and delete \
                   this mail once the pass has been used.",
        },
        // BeforeLastDay
        Text {
            subject: "The last day of {{userDisplayName}} is near",
            body: "Hello {{recipientDisplayName}},\n\n\
                   The last working day of {{userDisplayName}} is near.\n\n\
                   Last day: {{userEmployeeLeaveDateTime}}\n\
                   Sign-in name: {{userPrincipalName}}\n\
                   Job title: {{user.jobTitle}}\n\
                   Department: {{user.department}}\n\n\
                   Please agree in good time on who takes over open work, documents and contacts, and on \
                   when equipment, keys and badges are to be returned.\n\n\
                   Please also check which access is still needed until then, and who takes over shared \
                   mailboxes, groups and automated tasks.",
        },
        // OnLastDay
        Text {
            subject: "Today is the last day of {{userDisplayName}}",
            body: "Hello {{recipientDisplayName}},\n\n\
                   Today is the last working day of {{userDisplayName}}.\n\n\
                   Last day: {{userEmployeeLeaveDateTime}}\n\
                   Sign-in name: {{userPrincipalName}}\n\n\
                   Before the day ends, please make sure that the handover is complete and that \
                   equipment, keys and badges have been returned.\n\n\
                   Please also think of access that does not depend on the account, such as shared \
                   passwords, shared mailboxes and external services.\n\n\
                   Thank you for helping to make it a good farewell.",
        },
        // AfterLastDay
        Text {
            subject: "After the last day of {{userDisplayName}}",
            body: "Hello {{recipientDisplayName}},\n\n\
                   The last working day of {{userDisplayName}} has passed.\n\n\
                   Last day: {{userEmployeeLeaveDateTime}}\n\
                   Sign-in name: {{userPrincipalName}}\n\n\
                   Please check whether anything is still open: equipment that has not been returned, work \
                   that nobody has taken over, or documents and mailboxes that only {{userDisplayName}} \
                   could open.\n\n\
                   Please also review the groups and access that {{userDisplayName}} managed, and tell IT \
                   support what should be removed or passed on.",
        },
        // OnboardingReminder
        Text {
            subject: "{{userDisplayName}} starts soon",
            body: "Hello {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} will soon join your team.\n\n\
                   First day: {{userEmployeeHireDate}}\n\
                   Sign-in name: {{userPrincipalName}}\n\
                   Job title: {{user.jobTitle}}\n\
                   Department: {{user.department}}\n\n\
                   Please make sure that workplace, equipment and access are ready on the first day, and \
                   name a person to turn to during the first weeks.\n\n\
                   A plan for the first week and a word to the team in advance make the start easier.",
        },
        // Move
        Text {
            subject: "Job details of {{userDisplayName}} have changed",
            body: "Hello {{recipientDisplayName}},\n\n\
                   The job details of {{userDisplayName}} have changed, for example the job title, the \
                   department or the manager. This is what is on record now:\n\n\
                   Sign-in name: {{userPrincipalName}}\n\
                   Job title: {{user.jobTitle}}\n\
                   Department: {{user.department}}\n\
                   Manager: {{managerDisplayName}}\n\n\
                   Please check which access and group memberships are still needed, which should end and \
                   which are missing.\n\n\
                   If open work, equipment or responsibilities should pass to others, please arrange this \
                   with everyone concerned.\n\n\
                   If the details are wrong, please tell the HR department.",
        },
        // Inactivity
        Text {
            subject: "{{userDisplayName}} has not signed in for a long time",
            body: "Hello {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} has not signed in for a long time. The account may therefore be \
                   disabled.\n\n\
                   Sign-in name: {{userPrincipalName}}\n\
                   Job title: {{user.jobTitle}}\n\
                   Department: {{user.department}}\n\n\
                   If the account is still needed, please ask {{userDisplayName}} to sign in soon. If that \
                   is not possible, for example because of a long absence, please tell IT support.\n\n\
                   If the account is no longer needed, please let IT support know as well.",
        },
        // SponsorshipForManager
        Text {
            subject: "Sponsorship of agent identities passes to you",
            body: "Hello {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} sponsors the agent identities named below. Because \
                   {{userDisplayName}} is leaving or moving to other work, the sponsorship passes to you.\n\n\
                   Agent identities: {{sponsoredAgents}}\n\
                   Sponsor until now: {{userDisplayName}}\n\n\
                   As their sponsor, you are responsible for what these agent identities are used for and \
                   for checking whether they are still needed.\n\n\
                   While you still can, please ask {{userDisplayName}} to explain what they do. Please tell \
                   IT support which of them are no longer needed.",
        },
        // SponsorshipForCoSponsors
        Text {
            subject: "{{userDisplayName}} gives up the sponsorship of agent identities",
            body: "Hello {{recipientDisplayName}},\n\n\
                   You and {{userDisplayName}} both sponsor the agent identities named below. \
                   {{userDisplayName}} is leaving or moving to other work and gives up the sponsorship.\n\n\
                   Agent identities: {{sponsoredAgents}}\n\
                   Sponsor until now: {{userDisplayName}}\n\n\
                   You remain a sponsor and need not do anything for that.\n\n\
                   Please make sure that you know what these agent identities are used for, and talk to \
                   {{userDisplayName}} while you still can.",
        },
        // GuestRemoval
        Text {
            subject: "Guest account without sponsor: {{userDisplayName}}",
            body: "Hello {{recipientDisplayName}},\n\n\
                   The guest account of {{userDisplayName}} has no sponsor. Guest accounts without a \
                   sponsor are removed, so this account will be removed too.\n\n\
                   Guest: {{userDisplayName}}\n\
                   Sign-in name: {{userPrincipalName}}\n\n\
                   If the access is still needed, please name a sponsor in time: a person who can confirm \
                   what it is needed for.\n\n\
                   If the access is no longer needed, you need not do anything.",
        },
    ],
    caution: "Caution: the text above was written individually and has not been checked. Do not follow links \
              or reveal passwords if you are not sure who sent this message.",
    closing: "This mail was sent automatically on behalf of {{organization}}.",
    day: |date| format!("{} {} {}", date.day(), month(date, &MONTHS), date.year()),
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
