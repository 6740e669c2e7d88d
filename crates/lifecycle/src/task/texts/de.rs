//! German.

use super::{Language, Text, month};

pub(super) static LANGUAGE: Language = Language {
    tag: "de",
    texts: [
        // Welcome
        Text {
            subject: "Herzlich willkommen, {{userDisplayName}}",
            body: "Guten Tag {{userDisplayName}},\n\n\
                   herzlich willkommen! Wir freuen uns auf die Zusammenarbeit mit Ihnen. Für Ihren Start \
                   brauchen Sie diese Angaben:\n\n\
                   Erster Arbeitstag: {{userEmployeeHireDate}}\n\
                   Anmeldename: {{userPrincipalName}}\n\
                   Position: {{user.jobTitle}}\n\
                   Abteilung: {{user.department}}\n\
                   Führungskraft: {{managerDisplayName}}\n\n\
                   Wenn vor oder nach Ihrem ersten Tag etwas unklar ist, wenden Sie sich bitte an Ihre \
                   Führungskraft. Von ihr erfahren Sie auch, wo Sie erwartet werden und wie Sie sich zum \
                   ersten Mal anmelden.\n\n\
                   Wir wünschen Ihnen einen guten Start.",
        },
        // Pass
        Text {
            subject: "Befristeter Zugriffspass für {{userDisplayName}}",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   für {{userDisplayName}} wurde ein befristeter Zugriffspass erstellt. Er dient der ersten \
                   Anmeldung, bei der eine dauerhafte Anmeldemethode eingerichtet werden kann.\n\n\
                   Anmeldename: {{userPrincipalName}}\n\
                   Befristeter Zugriffspass: {{temporaryAccessPass}}\n\
                   Gültig ab: {{passStart}}\n\
                   Gültigkeitsdauer: {{passLifetime}} Minuten\n\n\
                   Ist der Pass nicht für Sie selbst bestimmt, übergeben Sie ihn bitte persönlich oder auf \
                   einem anderen sicheren Weg. Leiten Sie diese E-Mail bitte nicht weiter.\n\n\
                   Wer den Pass kennt, kann sich damit anmelden. Behandeln Sie ihn bitte vertraulich und \
                   löschen Sie diese E-Mail, sobald der Pass benutzt wurde.",
        },
        // BeforeLastDay
        Text {
            subject: "Der letzte Arbeitstag von {{userDisplayName}} rückt näher",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   der letzte Arbeitstag von {{userDisplayName}} rückt näher.\n\n\
                   Letzter Arbeitstag: {{userEmployeeLeaveDateTime}}\n\
                   Anmeldename: {{userPrincipalName}}\n\
                   Position: {{user.jobTitle}}\n\
                   Abteilung: {{user.department}}\n\n\
                   Bitte klären Sie rechtzeitig, wer offene Arbeiten, Unterlagen und Kontakte übernimmt und \
                   wann Geräte, Schlüssel und Ausweise zurückgegeben werden.\n\n\
                   Prüfen Sie bitte auch, welche Zugriffe bis dahin noch nötig sind und wer gemeinsame \
                   Postfächer, Gruppen und automatische Abläufe übernimmt.",
        },
        // OnLastDay
        Text {
            subject: "Heute ist der letzte Arbeitstag von {{userDisplayName}}",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   heute ist der letzte Arbeitstag von {{userDisplayName}}.\n\n\
                   Letzter Arbeitstag: {{userEmployeeLeaveDateTime}}\n\
                   Anmeldename: {{userPrincipalName}}\n\n\
                   Bitte achten Sie darauf, dass bis zum Ende des Tages die Übergabe abgeschlossen ist und \
                   Geräte, Schlüssel und Ausweise zurückgegeben sind.\n\n\
                   Denken Sie bitte auch an Zugänge, die nicht an das Konto gebunden sind, etwa gemeinsam \
                   genutzte Kennwörter, gemeinsame Postfächer und externe Dienste.\n\n\
                   Vielen Dank, dass Sie zu einem guten Abschied beitragen.",
        },
        // AfterLastDay
        Text {
            subject: "Nach dem letzten Arbeitstag von {{userDisplayName}}",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   der letzte Arbeitstag von {{userDisplayName}} ist vorüber.\n\n\
                   Letzter Arbeitstag: {{userEmployeeLeaveDateTime}}\n\
                   Anmeldename: {{userPrincipalName}}\n\n\
                   Bitte prüfen Sie, ob noch etwas offen ist: Geräte, die nicht zurückgegeben wurden, \
                   Arbeiten, die niemand übernommen hat, oder Unterlagen und Postfächer, auf die nur \
                   {{userDisplayName}} zugreifen konnte.\n\n\
                   Sehen Sie bitte auch die Gruppen und Zugriffe durch, die {{userDisplayName}} verwaltet \
                   hat, und teilen Sie dem IT-Support mit, was entfernt oder übertragen werden soll.",
        },
        // OnboardingReminder
        Text {
            subject: "{{userDisplayName}} beginnt bald",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} verstärkt bald Ihr Team.\n\n\
                   Erster Arbeitstag: {{userEmployeeHireDate}}\n\
                   Anmeldename: {{userPrincipalName}}\n\
                   Position: {{user.jobTitle}}\n\
                   Abteilung: {{user.department}}\n\n\
                   Bitte sorgen Sie dafür, dass Arbeitsplatz, Geräte und Zugriffe am ersten Tag \
                   bereitstehen, und benennen Sie eine Ansprechperson für die ersten Wochen.\n\n\
                   Ein Plan für die erste Woche und eine kurze Ankündigung im Team erleichtern den Einstieg.",
        },
        // Move
        Text {
            subject: "Neue Angaben zur Stelle von {{userDisplayName}}",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   die Angaben zur Stelle von {{userDisplayName}} haben sich geändert, zum Beispiel \
                   Position, Abteilung oder Führungskraft. Hinterlegt ist jetzt:\n\n\
                   Anmeldename: {{userPrincipalName}}\n\
                   Position: {{user.jobTitle}}\n\
                   Abteilung: {{user.department}}\n\
                   Führungskraft: {{managerDisplayName}}\n\n\
                   Bitte prüfen Sie, welche Zugriffe und Gruppenmitgliedschaften weiterhin nötig sind, \
                   welche enden sollen und welche fehlen.\n\n\
                   Sollen offene Arbeiten, Geräte oder Zuständigkeiten auf andere übergehen, stimmen Sie \
                   dies bitte mit allen Beteiligten ab.\n\n\
                   Sind die Angaben falsch, geben Sie bitte der Personalabteilung Bescheid.",
        },
        // Inactivity
        Text {
            subject: "{{userDisplayName}} hat sich lange nicht angemeldet",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} hat sich seit längerer Zeit nicht angemeldet. Das Konto wird deshalb \
                   möglicherweise deaktiviert.\n\n\
                   Anmeldename: {{userPrincipalName}}\n\
                   Position: {{user.jobTitle}}\n\
                   Abteilung: {{user.department}}\n\n\
                   Wird das Konto noch gebraucht, bitten Sie {{userDisplayName}}, sich bald anzumelden. Ist \
                   das nicht möglich, etwa wegen einer längeren Abwesenheit, geben Sie bitte dem IT-Support \
                   Bescheid.\n\n\
                   Wird das Konto nicht mehr gebraucht, teilen Sie das bitte ebenfalls dem IT-Support mit.",
        },
        // SponsorshipForManager
        Text {
            subject: "Sie übernehmen das Sponsoring von Agentidentitäten",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} hat bisher das Sponsoring der unten genannten Agentidentitäten. Weil \
                   {{userDisplayName}} ausscheidet oder andere Aufgaben übernimmt, geht es auf Sie über.\n\n\
                   Agentidentitäten: {{sponsoredAgents}}\n\
                   Bisheriges Sponsoring: {{userDisplayName}}\n\n\
                   Damit sind Sie dafür verantwortlich, wozu diese Agentidentitäten eingesetzt werden und \
                   ob sie noch nötig sind.\n\n\
                   Lassen Sie sich bitte von {{userDisplayName}} erklären, was die Agentidentitäten tun, \
                   solange das möglich ist. Teilen Sie dem IT-Support bitte mit, welche davon nicht mehr \
                   gebraucht werden.",
        },
        // SponsorshipForCoSponsors
        Text {
            subject: "{{userDisplayName}} gibt das Sponsoring von Agentidentitäten ab",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   Sie und {{userDisplayName}} teilen sich das Sponsoring der unten genannten \
                   Agentidentitäten. {{userDisplayName}} scheidet aus oder übernimmt andere Aufgaben und \
                   gibt das Sponsoring ab.\n\n\
                   Agentidentitäten: {{sponsoredAgents}}\n\
                   Bisheriges Sponsoring: {{userDisplayName}}\n\n\
                   Ihr eigenes Sponsoring bleibt bestehen; Sie müssen dafür nichts tun.\n\n\
                   Bitte vergewissern Sie sich, dass Sie wissen, wozu diese Agentidentitäten eingesetzt \
                   werden, und sprechen Sie mit {{userDisplayName}}, solange das möglich ist.",
        },
        // GuestRemoval
        Text {
            subject: "Gastkonto ohne Sponsoring: {{userDisplayName}}",
            body: "Guten Tag {{recipientDisplayName}},\n\n\
                   für das Gastkonto von {{userDisplayName}} hat niemand das Sponsoring übernommen. \
                   Gastkonten ohne Sponsoring werden entfernt, daher wird auch dieses Konto entfernt.\n\n\
                   Gast: {{userDisplayName}}\n\
                   Anmeldename: {{userPrincipalName}}\n\n\
                   Wird der Zugriff noch gebraucht, benennen Sie bitte rechtzeitig eine Person, die das \
                   Sponsoring übernimmt und bestätigen kann, wozu er nötig ist.\n\n\
                   Wird der Zugriff nicht mehr gebraucht, müssen Sie nichts tun.",
        },
    ],
    caution: "Vorsicht: Der Text oben wurde individuell verfasst und nicht geprüft. Öffnen Sie keine Links und \
              geben Sie keine Kennwörter preis, wenn Sie nicht sicher sind, von wem die Nachricht stammt.",
    closing: "Diese E-Mail wurde automatisch im Auftrag von {{organization}} versendet.",
    day: |date| format!("{}. {} {}", date.day(), month(date, &MONTHS), date.year()),
};

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
