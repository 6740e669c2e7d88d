//! Spanish.

use super::{Language, Text, month};

pub(super) static LANGUAGE: Language = Language {
    tag: "es",
    texts: [
        // Welcome
        Text {
            subject: "Le damos la bienvenida, {{userDisplayName}}",
            body: "Hola {{userDisplayName}},\n\n\
                   Le damos la más cordial bienvenida. Estos son los datos que necesita para empezar:\n\n\
                   Primer día: {{userEmployeeHireDate}}\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\
                   Responsable: {{managerDisplayName}}\n\n\
                   Si tiene alguna duda antes o después de su primer día, consulte a la persona \
                   responsable de su equipo, que también le indicará dónde presentarse y cómo iniciar \
                   sesión por primera vez.\n\n\
                   Le deseamos un buen comienzo.",
        },
        // Pass
        Text {
            subject: "Pase de acceso temporal para {{userDisplayName}}",
            body: "Hola {{recipientDisplayName}},\n\n\
                   Se ha creado un pase de acceso temporal para {{userDisplayName}}. Sirve para iniciar \
                   sesión por primera vez y configurar entonces un método de acceso permanente.\n\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\
                   Pase de acceso temporal: {{temporaryAccessPass}}\n\
                   Válido desde: {{passStart}}\n\
                   Duración: {{passLifetime}} minutos\n\n\
                   Si el pase no es para usted, entréguelo en persona o por otro medio seguro. Por favor, \
                   no reenvíe este mensaje.\n\n\
                   Quien conozca el pase puede iniciar sesión con él. Trátelo de forma confidencial y borre \
                   este mensaje en cuanto el pase se haya utilizado.",
        },
        // BeforeLastDay
        Text {
            subject: "Se acerca el último día de {{userDisplayName}}",
            body: "Hola {{recipientDisplayName}},\n\n\
                   Se acerca el último día de trabajo de {{userDisplayName}}.\n\n\
                   Último día: {{userEmployeeLeaveDateTime}}\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\n\
                   Le rogamos que acuerde con tiempo quién se hará cargo del trabajo pendiente, los \
                   documentos y los contactos, y cuándo se devolverán los equipos, las llaves y las \
                   tarjetas de acceso.\n\n\
                   Compruebe también qué accesos siguen siendo necesarios hasta entonces y quién asumirá \
                   los buzones compartidos, los grupos y las tareas automatizadas.",
        },
        // OnLastDay
        Text {
            subject: "Hoy es el último día de {{userDisplayName}}",
            body: "Hola {{recipientDisplayName}},\n\n\
                   Hoy es el último día de trabajo de {{userDisplayName}}.\n\n\
                   Último día: {{userEmployeeLeaveDateTime}}\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\n\
                   Antes de que termine la jornada, asegúrese de que el traspaso esté completo y de que se \
                   hayan devuelto los equipos, las llaves y las tarjetas de acceso.\n\n\
                   Piense también en los accesos que no dependen de la cuenta, como las contraseñas \
                   compartidas, los buzones compartidos y los servicios externos.\n\n\
                   Gracias por contribuir a una buena despedida.",
        },
        // AfterLastDay
        Text {
            subject: "Tras el último día de {{userDisplayName}}",
            body: "Hola {{recipientDisplayName}},\n\n\
                   El último día de trabajo de {{userDisplayName}} ya ha pasado.\n\n\
                   Último día: {{userEmployeeLeaveDateTime}}\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\n\
                   Compruebe si queda algo pendiente: equipos sin devolver, trabajo que nadie haya asumido, \
                   o documentos y buzones a los que solo podía acceder {{userDisplayName}}.\n\n\
                   Revise también los grupos y los accesos que gestionaba {{userDisplayName}} e indique al \
                   soporte informático qué debe eliminarse o traspasarse.",
        },
        // OnboardingReminder
        Text {
            subject: "{{userDisplayName}} empieza pronto",
            body: "Hola {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} se incorporará pronto a su equipo.\n\n\
                   Primer día: {{userEmployeeHireDate}}\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\n\
                   Le rogamos que se asegure de que el puesto de trabajo, los equipos y los accesos estén \
                   listos el primer día, y que designe a una persona de contacto para las primeras \
                   semanas.\n\n\
                   Un plan para la primera semana y un aviso al equipo facilitarán la incorporación.",
        },
        // Move
        Text {
            subject: "Cambios en los datos laborales de {{userDisplayName}}",
            body: "Hola {{recipientDisplayName}},\n\n\
                   Han cambiado los datos laborales de {{userDisplayName}}, por ejemplo, el cargo, el \
                   departamento o la persona responsable. Estos son los datos actuales:\n\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\
                   Responsable: {{managerDisplayName}}\n\n\
                   Compruebe, tanto en los accesos como en los grupos, qué sigue siendo necesario, qué debe \
                   retirarse y qué falta.\n\n\
                   Si hay trabajo pendiente, equipos o responsabilidades que deban pasar a otras personas, \
                   acuérdelo con todas ellas.\n\n\
                   Si los datos no son correctos, avise al departamento de recursos humanos.",
        },
        // Inactivity
        Text {
            subject: "{{userDisplayName}} lleva mucho tiempo sin iniciar sesión",
            body: "Hola {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} lleva mucho tiempo sin iniciar sesión. Por ello, es posible que se \
                   desactive la cuenta.\n\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\
                   Cargo: {{user.jobTitle}}\n\
                   Departamento: {{user.department}}\n\n\
                   Si la cuenta sigue siendo necesaria, pida a {{userDisplayName}} que inicie sesión \
                   pronto. Si no es posible, por ejemplo, por una ausencia prolongada, avise al soporte \
                   informático.\n\n\
                   Si la cuenta ya no es necesaria, comuníquelo también al soporte informático.",
        },
        // SponsorshipForManager
        Text {
            subject: "Usted asume el patrocinio de identidades de agente",
            body: "Hola {{recipientDisplayName}},\n\n\
                   {{userDisplayName}} patrocina las identidades de agente indicadas más abajo. Como \
                   {{userDisplayName}} deja la organización o cambia de funciones, el patrocinio pasa a \
                   usted.\n\n\
                   Identidades de agente: {{sponsoredAgents}}\n\
                   Patrocinio hasta ahora: {{userDisplayName}}\n\n\
                   Con el patrocinio, le corresponde responder del uso de estas identidades de agente y \
                   comprobar si siguen siendo necesarias.\n\n\
                   Mientras sea posible, pida a {{userDisplayName}} que le explique para qué sirven. \
                   Indique al soporte informático cuáles ya no se necesitan.",
        },
        // SponsorshipForCoSponsors
        Text {
            subject: "{{userDisplayName}} deja el patrocinio de identidades de agente",
            body: "Hola {{recipientDisplayName}},\n\n\
                   Usted comparte con {{userDisplayName}} el patrocinio de las identidades de agente \
                   indicadas más abajo. {{userDisplayName}} deja la organización o cambia de funciones y, \
                   por ello, también deja el patrocinio.\n\n\
                   Identidades de agente: {{sponsoredAgents}}\n\
                   Deja el patrocinio: {{userDisplayName}}\n\n\
                   El patrocinio que usted tiene no cambia; no necesita hacer nada para conservarlo.\n\n\
                   Asegúrese de saber para qué se usan estas identidades de agente y, mientras sea posible, \
                   hable con {{userDisplayName}}.",
        },
        // GuestRemoval
        Text {
            subject: "Cuenta de invitado sin patrocinio: {{userDisplayName}}",
            body: "Hola {{recipientDisplayName}},\n\n\
                   Nadie patrocina la cuenta de invitado de {{userDisplayName}}. Las cuentas de invitado \
                   sin patrocinio se eliminan, por lo que esta cuenta también se eliminará.\n\n\
                   Cuenta de invitado: {{userDisplayName}}\n\
                   Nombre de inicio de sesión: {{userPrincipalName}}\n\n\
                   Si el acceso sigue siendo necesario, designe a tiempo a una persona que asuma el \
                   patrocinio y pueda confirmar para qué se necesita.\n\n\
                   Si el acceso ya no es necesario, no tiene que hacer nada.",
        },
    ],
    caution: "Precaución: el texto anterior se ha redactado libremente y no se ha comprobado. Si tiene dudas \
              sobre el origen del mensaje, no abra enlaces ni revele contraseñas.",
    closing: "Este mensaje se ha enviado automáticamente en nombre de {{organization}}.",
    day: |date| format!("{} de {} de {}", date.day(), month(date, &MONTHS), date.year()),
};

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
