//! French. No-break spaces are spelled out: in the source they would look like blanks.

use super::{Language, Text, month};

pub(super) static LANGUAGE: Language = Language {
    tag: "fr",
    texts: [
        // Welcome
        Text {
            subject: "Bienvenue, {{userDisplayName}}",
            body: "Bonjour {{userDisplayName}},\n\n\
                   Bienvenue\u{a0}! Nous nous réjouissons de travailler avec vous. Voici les informations \
                   utiles pour vos débuts\u{a0}:\n\n\
                   Premier jour\u{a0}: {{userEmployeeHireDate}}\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\
                   Poste\u{a0}: {{user.jobTitle}}\n\
                   Service\u{a0}: {{user.department}}\n\
                   Responsable\u{a0}: {{managerDisplayName}}\n\n\
                   Si quelque chose n’est pas clair, avant ou après votre premier jour, adressez-vous à \
                   votre responsable, qui vous indiquera aussi où vous présenter et comment vous connecter \
                   pour la première fois.\n\n\
                   Nous vous souhaitons d’excellents débuts.",
        },
        // Pass
        Text {
            subject: "Passe d’accès temporaire pour {{userDisplayName}}",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   Un passe d’accès temporaire a été créé pour {{userDisplayName}}. Il sert à la première \
                   connexion, au cours de laquelle une méthode de connexion durable peut être configurée.\n\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\
                   Passe d’accès temporaire\u{a0}: {{temporaryAccessPass}}\n\
                   Début de validité\u{a0}: {{passStart}}\n\
                   Durée de validité\u{a0}: {{passLifetime}}\u{a0}minutes\n\n\
                   Si ce passe est destiné à une autre personne, remettez-le-lui en main propre ou par un \
                   autre moyen sûr. Merci de ne pas transférer ce message.\n\n\
                   Toute personne qui connaît ce passe peut s’en servir pour se connecter. Veillez à ce \
                   qu’il reste confidentiel et supprimez ce message dès que le passe a été utilisé.",
        },
        // BeforeLastDay
        Text {
            subject: "Départ prochain\u{a0}: {{userDisplayName}}",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} quittera bientôt l’organisation.\n\n\
                   Dernier jour\u{a0}: {{userEmployeeLeaveDateTime}}\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\
                   Poste\u{a0}: {{user.jobTitle}}\n\
                   Service\u{a0}: {{user.department}}\n\n\
                   Merci de convenir à temps de la reprise des travaux en cours, des documents et des \
                   contacts, ainsi que de la restitution du matériel, des clés et des badges.\n\n\
                   Merci également de vérifier quels accès restent nécessaires d’ici là et qui reprendra \
                   les boîtes de messagerie partagées, les groupes et les tâches automatisées.",
        },
        // OnLastDay
        Text {
            subject: "Dernier jour aujourd’hui\u{a0}: {{userDisplayName}}",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   Pour {{userDisplayName}}, c’est aujourd’hui le dernier jour de travail.\n\n\
                   Dernier jour\u{a0}: {{userEmployeeLeaveDateTime}}\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\n\
                   D’ici la fin de la journée, merci de vous assurer que la passation est terminée et que \
                   le matériel, les clés et les badges ont été rendus.\n\n\
                   Pensez aussi aux accès qui ne dépendent pas du compte, par exemple les mots de passe \
                   partagés, les boîtes de messagerie partagées et les services externes.\n\n\
                   Merci de contribuer à ce que ce départ se passe au mieux.",
        },
        // AfterLastDay
        Text {
            subject: "Suites du départ\u{a0}: {{userDisplayName}}",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} a quitté l’organisation.\n\n\
                   Dernier jour\u{a0}: {{userEmployeeLeaveDateTime}}\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\n\
                   Merci de vérifier s’il reste des points en suspens\u{a0}: matériel non rendu, travaux que \
                   personne n’a repris, documents ou boîtes de messagerie devenus inaccessibles.\n\n\
                   Merci aussi de passer en revue les groupes et les accès gérés par {{userDisplayName}} et \
                   d’indiquer au support informatique ce qui doit être supprimé ou transféré.",
        },
        // OnboardingReminder
        Text {
            subject: "Arrivée prochaine\u{a0}: {{userDisplayName}}",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} rejoindra bientôt votre équipe.\n\n\
                   Premier jour\u{a0}: {{userEmployeeHireDate}}\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\
                   Poste\u{a0}: {{user.jobTitle}}\n\
                   Service\u{a0}: {{user.department}}\n\n\
                   Merci de veiller à ce que le poste de travail, le matériel et les accès soient prêts dès \
                   le premier jour, et de désigner une personne référente pour les premières semaines.\n\n\
                   Un programme pour la première semaine et une annonce à l’équipe faciliteront cette \
                   arrivée.",
        },
        // Move
        Text {
            subject: "Changement de situation professionnelle\u{a0}: {{userDisplayName}}",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   Les données professionnelles enregistrées pour {{userDisplayName}} ont changé, par \
                   exemple le poste, le service ou le nom de la personne responsable. Voici les \
                   informations actuelles\u{a0}:\n\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\
                   Poste\u{a0}: {{user.jobTitle}}\n\
                   Service\u{a0}: {{user.department}}\n\
                   Responsable\u{a0}: {{managerDisplayName}}\n\n\
                   Merci de vérifier, pour les accès comme pour l’appartenance aux groupes, ce qui reste \
                   nécessaire, ce qui doit prendre fin et ce qui manque.\n\n\
                   Si des travaux en cours, du matériel ou des responsabilités doivent être confiés à \
                   d’autres, merci de l’organiser avec les personnes concernées.\n\n\
                   Si ces informations sont inexactes, merci de prévenir les ressources humaines.",
        },
        // Inactivity
        Text {
            subject: "Aucune connexion depuis longtemps\u{a0}: {{userDisplayName}}",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   Aucune connexion n’a été enregistrée depuis longtemps pour {{userDisplayName}}. Il est \
                   donc possible que le compte soit désactivé.\n\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\
                   Poste\u{a0}: {{user.jobTitle}}\n\
                   Service\u{a0}: {{user.department}}\n\n\
                   Si le compte est encore utile, demandez à {{userDisplayName}} de se connecter \
                   prochainement. Si ce n’est pas possible, par exemple en raison d’une absence prolongée, \
                   merci de prévenir le support informatique.\n\n\
                   Si le compte n’est plus utile, merci d’en informer également le support informatique.",
        },
        // SponsorshipForManager
        Text {
            subject: "Vous reprenez le parrainage d’identités d’agent",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} parraine les identités d’agent indiquées ci-dessous. En raison d’un \
                   départ ou d’un changement de fonction, ce parrainage vous est transféré.\n\n\
                   Identités d’agent\u{a0}: {{sponsoredAgents}}\n\
                   Parrainage assuré jusqu’ici par\u{a0}: {{userDisplayName}}\n\n\
                   À ce titre, vous répondez de l’usage qui est fait de ces identités d’agent et vérifiez \
                   si elles sont encore nécessaires.\n\n\
                   Tant que c’est possible, demandez à {{userDisplayName}} de vous expliquer leur rôle. \
                   Merci de signaler au support informatique celles qui ne servent plus.",
        },
        // SponsorshipForCoSponsors
        Text {
            subject: "Parrainage d’identités d’agent\u{a0}: {{userDisplayName}} se retire",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   Vous parrainez avec {{userDisplayName}} les identités d’agent indiquées ci-dessous. En \
                   raison d’un départ ou d’un changement de fonction, {{userDisplayName}} cesse de les \
                   parrainer.\n\n\
                   Identités d’agent\u{a0}: {{sponsoredAgents}}\n\
                   Fin de parrainage\u{a0}: {{userDisplayName}}\n\n\
                   Votre propre parrainage ne change pas\u{a0}; vous n’avez rien à faire pour le conserver.\n\n\
                   Merci de vous assurer que vous savez à quoi servent ces identités d’agent et, tant que \
                   c’est possible, d’en parler avec {{userDisplayName}}.",
        },
        // GuestRemoval
        Text {
            subject: "Compte invité sans parrainage\u{a0}: {{userDisplayName}}",
            body: "Bonjour {{recipientDisplayName}},\n\n\
                   Personne ne parraine le compte invité attribué à {{userDisplayName}}. Les comptes \
                   invités sans parrainage sont supprimés\u{a0}; ce compte le sera donc aussi.\n\n\
                   Compte invité\u{a0}: {{userDisplayName}}\n\
                   Identifiant\u{a0}: {{userPrincipalName}}\n\n\
                   Si cet accès est encore nécessaire, désignez à temps une personne qui parrainera le \
                   compte et pourra en confirmer l’utilité.\n\n\
                   Si cet accès n’est plus nécessaire, vous n’avez rien à faire.",
        },
    ],
    caution: "Attention\u{a0}: le texte ci-dessus a été rédigé librement et n’a pas été vérifié. En cas de \
              doute sur l’origine du message, n’ouvrez aucun lien et ne communiquez aucun mot de passe.",
    closing: "Ce message a été envoyé automatiquement au nom de l’organisation {{organization}}.",
    day: |date| {
        let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
        format!("{day} {} {}", month(date, &MONTHS), date.year())
    },
};

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
